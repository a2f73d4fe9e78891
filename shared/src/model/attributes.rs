//! The attributes that AWS gives a new load balancer or listener by itself (facts §2 "LB-level things to capture",
//! "Listener").

use std::collections::BTreeMap;

use super::{Protocol, Scheme};

/// Those that every load balancer has.
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
    ("load_balancing.cross_zone.enabled", "true"),
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

/// Those that every listener has.
const LISTENER: [(&str, &str); 11] = [
    ("routing.http.response.access_control_allow_credentials.header_value", ""),
    ("routing.http.response.access_control_allow_headers.header_value", ""),
    ("routing.http.response.access_control_allow_methods.header_value", ""),
    ("routing.http.response.access_control_allow_origin.header_value", ""),
    ("routing.http.response.access_control_expose_headers.header_value", ""),
    ("routing.http.response.access_control_max_age.header_value", ""),
    ("routing.http.response.content_security_policy.header_value", ""),
    ("routing.http.response.server.enabled", "true"),
    ("routing.http.response.strict_transport_security.header_value", ""),
    ("routing.http.response.x_content_type_options.header_value", ""),
    ("routing.http.response.x_frame_options.header_value", ""),
];

/// Those that only HTTPS listeners have besides.
const HTTPS_LISTENER: [(&str, &str); 8] = [
    ("routing.http.request.x_amzn_mtls_clientcert.header_name", "X-Amzn-Mtls-Clientcert"),
    ("routing.http.request.x_amzn_mtls_clientcert_issuer.header_name", "X-Amzn-Mtls-Clientcert-Issuer"),
    ("routing.http.request.x_amzn_mtls_clientcert_leaf.header_name", "X-Amzn-Mtls-Clientcert-Leaf"),
    ("routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name", "X-Amzn-Mtls-Clientcert-Serial-Number"),
    ("routing.http.request.x_amzn_mtls_clientcert_subject.header_name", "X-Amzn-Mtls-Clientcert-Subject"),
    ("routing.http.request.x_amzn_mtls_clientcert_validity.header_name", "X-Amzn-Mtls-Clientcert-Validity"),
    ("routing.http.request.x_amzn_tls_cipher_suite.header_name", "X-Amzn-Tls-Cipher-Suite"),
    ("routing.http.request.x_amzn_tls_version.header_name", "X-Amzn-Tls-Version"),
];

fn owned(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A new load balancer's attributes. An internal one takes no traffic of an internet gateway (bc:elbv2, `LoadBalancerAttribute`).
pub fn attributes_of_new_load_balancer(scheme: Scheme) -> BTreeMap<String, String> {
    let denies = match scheme {
        Scheme::InternetFacing => "false",
        Scheme::Internal => "true",
    };
    let mut attributes = owned(&LOAD_BALANCER);
    attributes.insert("ipv6.deny_all_igw_traffic".to_owned(), denies.to_owned());
    attributes
}

/// A new listener's attributes.
pub fn attributes_of_new_listener(protocol: Protocol) -> BTreeMap<String, String> {
    let mut attributes = owned(&LISTENER);
    match protocol {
        Protocol::Http => {}
        Protocol::Https => attributes.extend(owned(&HTTPS_LISTENER)),
    }
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_internal_load_balancer_denies_traffic_of_internet_gateways_by_itself() {
        let of = |scheme| attributes_of_new_load_balancer(scheme).remove("ipv6.deny_all_igw_traffic");
        assert_eq!(of(Scheme::InternetFacing).as_deref(), Some("false"));
        assert_eq!(of(Scheme::Internal).as_deref(), Some("true"));
    }
}
