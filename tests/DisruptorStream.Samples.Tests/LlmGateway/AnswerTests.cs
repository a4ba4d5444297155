using LlmGateway.Calls;

namespace DisruptorStream.Samples.Tests.LlmGateway;

/// <summary>Each of the six answers, over HTTP, is what the calls that were made say.</summary>
public sealed class AnswerTests
{
    private const int Seconds = 120;

    private static readonly DateTimeOffset Start = RunningGateway.Start;
    private static readonly DateTimeOffset End = Start.AddSeconds(Seconds);
    private static readonly ModelCall[] Calls = [.. Enumerable.Range(0, 10 * Seconds).Select(CallOf)];

    [Fact]
    public async Task Models_KnownCalls_ArePercentilesOfTheLastTenSeconds()
    {
        await using var gateway = await AnsweringAsync();

        var rows = await gateway.GetAsync("models");

        Assert.Equal(["large", "small"], rows.Select(row => (string)row["model"]!));
        foreach (var row in rows)
        {
            var latencies = LatenciesOf((string)row["model"]!, End);
            Assert.Equal(End, (DateTimeOffset)row["end"]!);
            Assert.Equal(latencies.Length, (int)row["calls"]!);
            foreach (var percentile in (int[])[50, 95, 99])
                Assert.Equal(PercentileOf(latencies, percentile), (double)row[$"p{percentile}"]!);
        }
    }

    [Fact]
    public async Task ModelsHistory_KnownCalls_HasAWindowForEachSecond()
    {
        await using var gateway = await AnsweringAsync();

        var rows = await gateway.GetAsync("models/history");

        Assert.Equal(2 * Seconds, rows.Length);
        foreach (var row in rows)
        {
            var latencies = LatenciesOf((string)row["model"]!, (DateTimeOffset)row["end"]!);
            Assert.Equal(PercentileOf(latencies, 95), (double)row["p95"]!);
        }
    }

    [Fact]
    public async Task Errors_KnownCalls_AreThoseOfTheLastMinute()
    {
        await using var gateway = await AnsweringAsync();

        var rows = await gateway.GetAsync("errors");

        Assert.Equal(["large", "small"], rows.Select(row => (string)row["model"]!));
        foreach (var row in rows)
        {
            var calls = Within(TimeSpan.FromMinutes(1)).Where(call => call.Model == (string)row["model"]!).ToArray();
            var errors = calls.Count(call => call.Status >= 500);
            Assert.Equal((calls.Length, errors), ((int)row["calls"]!, (int)row["errors"]!));
            Assert.Equal((double)errors / calls.Length, (double)row["errorRate"]!);
        }
    }

    [Fact]
    public async Task Tenants_KnownCalls_AreSumsOfThreeSpansOfTime()
    {
        await using var gateway = await AnsweringAsync();

        var rows = await gateway.GetAsync("tenants");

        Assert.Equal(
            [("acme", 1.0), ("acme", 60.0), ("acme", 1440.0), ("bolt", 1.0), ("bolt", 60.0), ("bolt", 1440.0)],
            rows.Select(row => ((string)row["tenant"]!, (double)row["minutes"]!)));
        foreach (var row in rows)
        {
            var calls = Within(TimeSpan.FromMinutes((double)row["minutes"]!))
                .Where(call => call.Tenant == (string)row["tenant"]!).ToArray();
            Assert.Equal(End, (DateTimeOffset)row["end"]!);
            Assert.Equal((calls.Length, calls.Sum(call => call.Tokens)), ((int)row["calls"]!, (long)row["tokens"]!));
            Assert.Equal(calls.Sum(call => call.Cost), (double)row["cost"]!, 1e-9);
        }
    }

    [Fact]
    public async Task Sessions_UserThatPauses_HasTheOneAfterThePause()
    {
        await using var gateway = await AnsweringAsync();
        await gateway.ReportAsync([], End.AddSeconds(30));

        var rows = await gateway.GetAsync("sessions");

        var users = Calls.GroupBy(call => (call.Tenant, call.User)).ToArray();
        Assert.Equal(users.Length, rows.Length);
        foreach (var user in users)
        {
            var calls = user.SkipWhile(call => call.User == "pauses" && call.Time < Start.AddSeconds(60)).ToArray();
            var row = rows.Single(row => ((string?)row["tenant"], (string?)row["user"]) == user.Key);
            Assert.Equal(
                (calls[0].Time, calls[^1].Time.AddSeconds(20), calls.Length, calls.Sum(call => call.Tokens), false),
                ((DateTimeOffset)row["start"]!, (DateTimeOffset)row["end"]!, (int)row["calls"]!, (long)row["tokens"]!,
                    (bool)row["isOpen"]!));
            Assert.Equal(calls.Sum(call => call.Cost), (double)row["cost"]!, 1e-9);
        }
    }

    [Fact]
    public async Task Sessions_UserAtWork_IsOpenASecondLater()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await gateway.ReportAsync(Calls.Take(1), Start);
        Assert.Empty(await gateway.GetAsync("sessions"));

        await gateway.PassAsync(TimeSpan.FromSeconds(1));

        var row = Assert.Single(await gateway.GetAsync("sessions"));
        Assert.Equal((Calls[0].User, 1, true), ((string?)row["user"], (int)row["calls"]!, (bool)row["isOpen"]!));
    }

    [Fact]
    public async Task Spenders_MoreThanTenUsers_AreTheTenDearestOfEachTenant()
    {
        await using var gateway = await AnsweringAsync();

        var rows = await gateway.GetAsync("spenders");

        var expected = Calls.Where(call => call.Cost > 0)
            .GroupBy(call => (call.Tenant, call.User))
            .Select(user => (user.Key.Tenant, user.Key.User, Cost: user.Sum(call => call.Cost)))
            .GroupBy(user => user.Tenant)
            .OrderBy(tenant => tenant.Key, StringComparer.Ordinal)
            .SelectMany(tenant => tenant.OrderByDescending(user => user.Cost).Take(10))
            .ToArray();
        Assert.Equal(20, rows.Length);
        Assert.Equal(
            expected.Select(user => (user.Tenant, user.User)),
            rows.Select(row => ((string?)row["tenant"], (string?)row["user"])));
        foreach (var (row, user) in rows.Zip(expected))
            Assert.Equal(user.Cost, (double)row["cost"]!, 1e-9);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], rows.Take(10).Select(row => (int)row["rank"]!));
    }

    [Fact]
    public async Task Alerts_ModelThatGetsSlow_SaysWhenAndHowMuch()
    {
        await using var gateway = await AnsweringAsync();

        var rows = await gateway.GetAsync("alerts");

        var expected = new List<(DateTimeOffset End, double P95, double Usual)>();
        var before = new List<double>();
        for (var end = Start.AddSeconds(1); end <= End; end = end.AddSeconds(1))
        {
            var p95 = PercentileOf(LatenciesOf("large", end), 95);
            if (before.Count >= 20 && p95 > 2 * before.Average())
                expected.Add((end, p95, before.Average()));
            before.Add(p95);
        }

        Assert.InRange(expected.Count, 10, 25);
        Assert.Equal(
            expected.Select(alert => (alert.End, alert.P95)),
            rows.Select(row => ((DateTimeOffset)row["end"]!, (double)row["p95"]!)));
        foreach (var (row, alert) in rows.Zip(expected))
        {
            Assert.Equal("large", (string)row["model"]!);
            Assert.Equal(alert.Usual, (double)row["usual"]!, 1e-6);
            Assert.Equal(alert.P95 / alert.Usual, (double)row["times"]!, 1e-6);
        }
    }

    private static async Task<RunningGateway> AnsweringAsync()
    {
        var gateway = await RunningGateway.StartAsync();
        await gateway.ReportAsync(Calls, End);
        return gateway;
    }

    /// <summary>Ten calls a second; "large" is eight times as slow from second 90 to 100.</summary>
    private static ModelCall CallOf(int number)
    {
        var time = Start.AddMilliseconds(100 * number);
        var second = number / 10;
        var isLarge = number % 2 == 0;
        var (tenant, user) = (number % 3 == 0 ? "bolt" : "acme", $"user {number * 7 % 13}");
        if (number % 10 == 4 && second < 30)
            (tenant, user) = ("bolt", "early");
        else if (number % 10 == 5 && second is < 10 or >= 60)
            (tenant, user) = ("acme", "pauses");
        var failed = number % 17 == 0;
        return new ModelCall(
            time,
            isLarge ? "large" : "small",
            tenant,
            user,
            (100 + number * 37 % 50) * (isLarge && second is >= 90 and < 100 ? 8 : 1),
            failed ? 0 : number % 100,
            failed ? 0 : 0.001 * (1 + number % 11) * (isLarge ? 5 : 1),
            failed ? 503 : 200);
    }

    private static IEnumerable<ModelCall> Within(TimeSpan size) =>
        Calls.Where(call => call.Time >= End - size && call.Time < End);

    private static double[] LatenciesOf(string model, DateTimeOffset end) =>
    [
        .. Calls.Where(call => call.Model == model && call.Time < end && call.Time >= end.AddSeconds(-10))
            .Select(call => call.Milliseconds).Order(),
    ];

    private static double PercentileOf(double[] sorted, int percentile) =>
        sorted[(int)Math.Ceiling(percentile / 100.0 * sorted.Length) - 1];
}
