use std::path::Path;

use deskwire_gateway::Data;

use crate::stage::Stage;

fn built(folder: &Path) {
    for (path, text) in [
        ("widget.js", "loader"),
        ("widget/index.html", "<p>widget</p>"),
        ("widget/assets/main-1a2b.js", "plain"),
        ("widget/assets/main-1a2b.js.br", "brotli"),
        ("console/index.html", "<p>console</p>"),
        ("secret.txt", "not for anybody"),
    ] {
        let path = folder.join("dist").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    std::fs::write(folder.join("outside.js"), "outside").unwrap();
}

async fn get(stage: &Stage, path: &str) -> (u16, String, reqwest::header::HeaderMap) {
    let answer = stage.http.get(stage.url(path)).header("accept-encoding", "br").send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, answer.text().await.unwrap(), headers)
}

#[tokio::test]
async fn the_browser_parts_are_served_compressed_and_kept_as_long_as_their_names_last() {
    let folder = tempfile::tempdir().unwrap();
    built(folder.path());
    let stage = Stage::with(vec![], Data::Memory, |config| config.web = Some(folder.path().join("dist"))).await;

    let (status, text, headers) = get(&stage, "/widget.js").await;
    assert_eq!((status, text.as_str()), (200, "loader"));
    assert_eq!(headers["cache-control"], "public, max-age=300");
    assert_eq!(headers["access-control-allow-origin"], "*");
    let (_, text, headers) = get(&stage, "/widget/assets/main-1a2b.js").await;
    assert_eq!((text.as_str(), headers["content-encoding"].to_str().unwrap()), ("brotli", "br"));
    assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
    assert!(headers["content-type"].to_str().unwrap().contains("javascript"));

    // A page may be kept, but is asked for: and answered with 304 where it is the same.
    let (_, text, headers) = get(&stage, "/widget/").await;
    assert_eq!((text.as_str(), headers["cache-control"].to_str().unwrap()), ("<p>widget</p>", "no-cache"));
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self';") && !policy.contains("frame-ancestors"), "{policy}");
    let again = stage.http.get(stage.url("/widget/")).header("if-modified-since", &headers["last-modified"]);
    assert_eq!(again.send().await.unwrap().status(), 304);

    // The console's own addresses are its one page, which nobody frames; its missing files are missing.
    let (status, text, headers) = get(&stage, "/console/conversations/cnv_1").await;
    assert_eq!((status, text.as_str()), (200, "<p>console</p>"));
    assert!(headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    assert_eq!(get(&stage, "/console/assets/old-9f.js").await.0, 404);
    assert_eq!(get(&stage, "/widget/nothing.js").await.0, 404);

    // Nothing else of the folder, and nothing outside of it; the API is where it was.
    for path in ["/widget/../../outside.js", "/widget/%2e%2e/%2e%2e/outside.js", "/widget/..%2f..%2foutside.js"] {
        let (status, text, _) = get(&stage, path).await;
        assert!(status == 404 || text != "outside", "{path}: {text}");
    }
    assert_ne!(get(&stage, "/secret.txt").await.1, "not for anybody");
    assert_eq!(stage.http.post(stage.url("/widget/")).send().await.unwrap().status(), 200, "the api function");
    stage.gateway.stop().await;
}

#[tokio::test]
async fn without_browser_parts_their_addresses_are_the_apis() {
    let stage = Stage::new(vec![]).await;
    stage.http.get(stage.url("/console/")).send().await.unwrap();
    assert_eq!(stage.event("api").await["rawPath"], "/console/");
    stage.gateway.stop().await;
}
