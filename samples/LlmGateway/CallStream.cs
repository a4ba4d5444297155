using DisruptorStream.Hosting;
using LlmGateway.Answers;
using LlmGateway.Calls;
using static System.TimeSpan;

namespace LlmGateway;

/// <summary>One stream of calls, and six questions about them. Each call is published once.</summary>
internal static class CallStream
{
    public static void AddCallStream(this IServiceCollection services) => services.AddEventStream<ModelCall>(
        "calls",
        (_, calls) => calls
            .EventTime(call => call.Time)
            .Measure("latency", call => call.Milliseconds)
            .Measure("tokens", call => call.Tokens)
            .Measure("cost", call => call.Cost)
            .Key("model", call => call.Model)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User),
        stream => stream

            // How fast is each model?
            .AddQuery("models", query => query.By("model").SlidingWindows(FromSeconds(10), FromSeconds(1))
                .Aggregate(a => a.Count("calls").Percentiles("latency", 50, 95, 99)),
                to => to.KeepLatest().To<Recent<ModelRow, string>>())

            // How often does each model fail?
            .AddQuery("errors", query => query.By("model").SlidingWindows(FromMinutes(1), FromSeconds(1))
                .Aggregate(a => a.Count("calls").Count("errors", where: call => call.Status >= 500)
                    .Expression("error_rate", "errors / calls")),
                to => to.KeepLatest())

            // What does each tenant use in a minute, an hour, a day?
            .AddQuery("tenants", query => query.By("tenant")
                .Windows(windows => windows.Sliding(FromMinutes(1), FromSeconds(5))
                    .Sliding(FromHours(1), FromSeconds(10)).Sliding(FromDays(1), FromSeconds(10)))
                .Aggregate(a => a.Count("calls").Sum("tokens").Sum("cost")),
                to => to.KeepLatest(new() { PerWindowLength = true }))

            // Who is at work, and since when?
            .AddQuery("sessions", query => query.By("tenant", "user")
                .SessionWindows(FromSeconds(20)).Early(delay: FromSeconds(1))
                .Aggregate(a => a.Count("calls").Sum("tokens").Sum("cost")),
                to => to.KeepLatest())

            // Which ten users of each tenant cost the most?
            .AddQuery("spenders", query => query.Where(call => call.Cost > 0)
                .By("tenant", "user").SlidingWindows(FromMinutes(10), FromSeconds(5))
                .Aggregate(a => a.Count("calls").Sum("cost")).Top(10, by: "cost", within: "tenant"),
                to => to.KeepLatest())

            // Is a model's p95 above twice that of the hour before?
            .AddQuery("alerts", query => query.From("models").By("model").WithEarlier(FromHours(1))
                .Aggregate(a => a.Count("windows").Last("p95", "latency_p95").EarlierAverage("usual", "latency_p95")
                    .Expression("times", "p95 / usual")).Having("windows > 20 and times > 2"),
                to => to.To<Recent<AlertRow, string>>())
            .Change(calls => calls.Watermarks(new() { MaxOutOfOrderness = FromSeconds(1) }))
            .BindConfiguration("Streams:calls"));
}
