//! An actix server that does nothing.

use actix_web::{App, HttpResponse, HttpServer, web};
use std::io;
use std::net::TcpListener;
use std::time::Duration;

/// Serves an empty 200 on a free port of 127.0.0.1 until it is told to stop.
///
/// # Errors
/// If it cannot.
#[actix_web::main]
pub(crate) async fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("listening on http://{}", listener.local_addr()?);
    HttpServer::new(|| App::new().default_service(web::to(|| async { HttpResponse::Ok().finish() })))
        .keep_alive(Duration::from_secs(75))
        .listen(listener)?
        .run()
        .await
}
