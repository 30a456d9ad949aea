//! The tables, as both databases have them.
#![allow(clippy::wildcard_imports, reason = "the form that the macro's documentation gives")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTimestamp, DbUuid};

    users (id) {
        id -> DbUuid,
        email -> Text,
        name -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        epoch -> BigInt,
        created_at -> DbTimestamp,
        disabled_at -> Nullable<DbTimestamp>,
        deleted_at -> Nullable<DbTimestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTimestamp, DbUuid};

    signed_out_sessions (user_id, id) {
        user_id -> DbUuid,
        id -> DbUuid,
        expires_at -> DbTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTimestamp, DbUuid};

    tasks (owner_id, id) {
        owner_id -> DbUuid,
        id -> DbUuid,
        title -> Text,
        description -> Nullable<Text>,
        completed -> Bool,
        version -> BigInt,
        created_at -> DbTimestamp,
        updated_at -> DbTimestamp,
        due_order -> Nullable<BigInt>,
        due_zone -> Nullable<Text>,
        due_at -> Nullable<DbTimestamp>,
        priority -> SmallInt,
        tags -> Text,
        tag_keys -> Text,
        list_id -> Nullable<DbUuid>,
        position -> Text,
        parent_id -> Nullable<DbUuid>,
        subtasks_total -> BigInt,
        subtasks_completed -> BigInt,
        recurrence -> Nullable<Text>,
        series_start -> Nullable<Date>,
        next_id -> Nullable<DbUuid>,
        completed_at -> Nullable<DbTimestamp>,
        deleted_at -> Nullable<DbTimestamp>,
        search -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTimestamp, DbUuid};

    lists (owner_id, id) {
        owner_id -> DbUuid,
        id -> DbUuid,
        name -> Text,
        color -> Text,
        position -> Text,
        archived -> Bool,
        version -> BigInt,
        created_at -> DbTimestamp,
        updated_at -> DbTimestamp,
        deleted_at -> Nullable<DbTimestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTimestamp, DbUuid};

    identities (issuer, subject) {
        issuer -> Text,
        subject -> Text,
        user_id -> DbUuid,
        not_before -> DbTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTimestamp, DbUuid};

    sign_in_failures (key) {
        key -> DbUuid,
        failures -> BigInt,
        retry_at -> DbTimestamp,
        last_at -> DbTimestamp,
    }
}

diesel::table! {
    use crate::db::types::{DbTimestamp, DbUuid};

    known_networks (user_id, network) {
        user_id -> DbUuid,
        network -> DbUuid,
        seen_at -> DbTimestamp,
    }
}

// As diesel's migrations keep it.
diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

diesel::joinable!(identities -> users (user_id));
diesel::joinable!(signed_out_sessions -> users (user_id));
diesel::joinable!(tasks -> users (owner_id));
diesel::joinable!(lists -> users (owner_id));
diesel::allow_tables_to_appear_in_same_query!(users, identities, signed_out_sessions, tasks, lists);
