//! The memory that bodies of requests and answers may take, all in all and of one account.
//!
//! A small body is gone before anybody notices. A large one stays in memory for as long as its client takes to send or to read it,
//! and a client may take its time, on as many connections as it likes.

use crate::bulkhead::Refused;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Bytes that may be in memory for everybody.
const ALL: usize = 128 * 1024 * 1024;

/// Bytes that may be in memory for one account: more than the largest body has.
const OF_ONE: usize = 32 * 1024 * 1024;

/// The memory that is left. Cloning it is cheap, and the clones share everything.
#[derive(Clone, Default)]
pub struct Budget(Arc<Mutex<Used>>);

#[derive(Default)]
struct Used {
    all: usize,
    /// Of those that have any.
    of_accounts: HashMap<Uuid, usize>,
}

/// Memory that is in use, until this is dropped.
pub struct Charge {
    budget: Budget,
    account: Uuid,
    bytes: usize,
}

impl Budget {
    /// Takes so many bytes for something of this account's.
    ///
    /// # Errors
    /// If the account, or everybody together, would have more than they may.
    pub fn charge(&self, account: Uuid, bytes: usize) -> Result<Charge, Refused> {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_account = used.of_accounts.get(&account).copied().unwrap_or_default();
        if of_account + bytes > OF_ONE {
            return Err(Refused::TooMany);
        }
        if used.all + bytes > ALL {
            return Err(Refused::Busy);
        }
        used.all += bytes;
        used.of_accounts.insert(account, of_account + bytes);
        Ok(Charge {
            budget: self.clone(),
            account,
            bytes,
        })
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        let mut used = self.budget.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.all -= self.bytes;
        if let Some(of_account) = used.of_accounts.get_mut(&self.account) {
            *of_account -= self.bytes;
            if *of_account == 0 {
                used.of_accounts.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_has_its_part_and_all_together_have_theirs() {
        let budget = Budget::default();
        let ada = Uuid::from_u128(1);
        let first = budget.charge(ada, OF_ONE).unwrap();
        assert_eq!(budget.charge(ada, 1).err(), Some(Refused::TooMany));
        let others: Vec<_> = (2..=ALL / OF_ONE)
            .map(|number| budget.charge(Uuid::from_u128(number as u128), OF_ONE).unwrap())
            .collect();
        assert_eq!(budget.charge(Uuid::from_u128(99), 1).err(), Some(Refused::Busy));
        drop(first);
        drop(budget.charge(ada, OF_ONE).unwrap());
        drop(others);
        let used = budget.0.lock().unwrap();
        assert_eq!((used.all, used.of_accounts.len()), (0, 0));
    }
}
