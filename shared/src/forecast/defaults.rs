//! The attributes that AWS gives a new load balancer or listener (facts §2), so that a plan names only what differs.

use std::collections::BTreeMap;

const LOAD_BALANCER: [(&str, &str); 22] = [
    ("access_logs.s3.bucket", ""),
    ("access_logs.s3.enabled", "false"),
    ("access_logs.s3.prefix", ""),
    ("client_keep_alive.seconds", "3600"),
    ("connection_logs.s3.bucket", ""),
    ("connection_logs.s3.enabled", "false"),
    ("connection_logs.s3.prefix", ""),
    ("deletion_protection.enabled", "false"),
    ("health_check_logs.s3.bucket", ""),
    ("health_check_logs.s3.enabled", "false"),
    ("health_check_logs.s3.prefix", ""),
    ("idle_timeout.timeout_seconds", "60"),
    ("ipv6.deny_all_igw_traffic", "false"),
    ("routing.http.desync_mitigation_mode", "defensive"),
    ("routing.http.drop_invalid_header_fields.enabled", "false"),
    ("routing.http.preserve_host_header.enabled", "false"),
    ("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false"),
    ("routing.http.xff_client_port.enabled", "false"),
    ("routing.http.xff_header_processing.mode", "append"),
    ("routing.http2.enabled", "true"),
    ("waf.fail_open.enabled", "false"),
    ("zonal_shift.config.enabled", "false"),
];

/// A new load balancer's.
pub(super) fn of_load_balancer() -> BTreeMap<String, String> {
    LOAD_BALANCER.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A new listener's: every header setting empty but the server header, which is sent.
pub(super) fn of_listener(wanted: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let default = |key: &str| if key == "routing.http.response.server.enabled" { "true" } else { "" };
    wanted.keys().map(|key| (key.clone(), default(key).to_owned())).collect()
}
