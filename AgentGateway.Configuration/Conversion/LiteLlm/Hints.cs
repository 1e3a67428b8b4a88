namespace AgentGateway.Configuration.Conversion.LiteLlm;

/// <summary>What to do about settings that are not carried over; null where there is nothing like them.</summary>
internal static class Hints
{
    private const string Retries = "set `retry` and `timeout` in the policies of a route";
    private const string Telemetry = "requests are exported with `frontendPolicies.tracing` and `frontendPolicies.accessLog`";
    private const string Guards = "set `llm.policies.guardrails`";
    private const string Database = "keys, teams and spend of LiteLLM's database are not known here; list keys under `llm.policies.apiKey`";

    public static string? Router(string key) => key switch
    {
        "num_retries" or "timeout" or "stream_timeout" or "retry_policy" or "retry_after" or "model_group_retry_policy" => Retries,
        "context_window_fallbacks" or "content_policy_fallbacks" => "a fallback for one kind of error can be a conditional virtual model",
        "redis_url" or "redis_host" or "redis_port" or "redis_password" => "shared limits are set with `remoteRateLimit`",
        "enable_tag_filtering" => "choose among models with `llm.models[].matches` or a conditional virtual model",
        "max_fallbacks" or "allowed_fails_policy" or "disable_cooldowns" or "enable_pre_call_checks" => "see `health` and virtual models",
        _ => null,
    };

    public static string? Module(string key) => key switch
    {
        "num_retries" or "request_timeout" or "retry_policy" => Retries,
        "callbacks" or "success_callback" or "failure_callback" or "service_callback" or "turn_off_message_logging" or "json_logs" or "set_verbose" or "langfuse_default_tags" => Telemetry,
        "context_window_fallbacks" or "content_policy_fallbacks" => "a fallback for one kind of error can be a conditional virtual model",
        "guardrails" => Guards,
        "max_budget" or "budget_duration" or "default_internal_user_params" => "see `llm.policies.localRateLimit` and `remoteRateLimit`",
        "drop_params" or "modify_params" => "the gateway converts requests for each provider; use `transformation` of a model for what is special",
        _ => null,
    };

    public static string? General(string key) => key switch
    {
        "database_url" or "database_connection_pool_limit" or "store_model_in_db" or "supported_db_objects" or "key_management_system" or "key_management_settings" => Database,
        "custom_auth" or "enable_jwt_auth" or "litellm_jwtauth" or "user_api_key_cache_ttl" => "see `jwtAuth`, `oidc` and `extAuthz` of `llm.policies`",
        "alerting" or "alerting_threshold" or "alert_types" => Telemetry,
        "max_parallel_requests" or "global_max_parallel_requests" => "see `llm.policies.localRateLimit` and `remoteRateLimit`",
        "pass_through_endpoints" => "write a route for each",
        "health_check_interval" or "background_health_checks" => "deployments are judged by the requests they serve; see `health` of a model",
        _ => null,
    };

    public static string? Root(string key) => key switch
    {
        "environment_variables" => "set the variables where the gateway is started",
        "guardrails" => Guards,
        "include" => "convert the included files one by one",
        "callback_settings" => Telemetry,
        "finetune_settings" or "files_settings" or "assistant_settings" => "write a route for the endpoints of the provider",
        _ => null,
    };
}
