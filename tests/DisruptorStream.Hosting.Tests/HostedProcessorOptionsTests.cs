using DisruptorStream.Watermarks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Tests;

/// <summary>Options from configuration, and what keeps a host from starting.</summary>
public sealed class HostedProcessorOptionsTests
{
    private const string Section = "Processors:calls";

    /// <summary>No option has its default.</summary>
    private static readonly StreamProcessorOptions Unusual = new()
    {
        AllowLateEvents = false,
        LateEventThreshold = TimeSpan.FromSeconds(7),
        WatermarkInterval = TimeSpan.FromSeconds(2),
        WindowRetention = TimeSpan.FromMinutes(2),
        MaxWindowsPerKey = 11,
        WindowOverflow = Windows.WindowOverflowPolicy.RejectEvent,
        MaxSlices = 12,
        MaxKeys = 13,
        ResultBufferSize = 14,
        FutureSkewLimit = null,
        NonFinite = Events.NonFinitePolicy.IgnoreMeasure,
        RingCapacity = 128,
        Mode = ExecutionMode.Staged,
        ShardCount = 2,
        WaitStrategy = Rings.WaitStrategyKind.Blocking,
        ShutdownTimeout = TimeSpan.FromSeconds(3),
        MeasureLatency = false,
        WatermarkHistory = 16,
        BatchesPerTrace = 15,
    };

    [Fact]
    public void Options_EachOfTheEngines_IsThereWithItsDefault()
    {
        var hosted = new HostedProcessorOptions();
        var engine = new StreamProcessorOptions();
        foreach (var option in typeof(StreamProcessorOptions).GetProperties())
        {
            var same = typeof(HostedProcessorOptions).GetProperty(option.Name);
            Assert.True(same is not null, $"{option.Name} is missing.");
            Assert.Equal(option.GetValue(engine), same.GetValue(hosted));
        }
    }

    [Fact]
    public void ToEngine_EachOption_IsCarriedOver()
    {
        var hosted = new HostedProcessorOptions();
        foreach (var option in typeof(StreamProcessorOptions).GetProperties())
            typeof(HostedProcessorOptions).GetProperty(option.Name)!.SetValue(hosted, option.GetValue(Unusual));

        var engine = hosted.ToEngine();
        var defaults = new StreamProcessorOptions();
        foreach (var option in typeof(StreamProcessorOptions).GetProperties())
        {
            Assert.Equal(option.GetValue(Unusual), option.GetValue(engine));
            Assert.NotEqual(option.GetValue(defaults), option.GetValue(engine));
        }
    }

    [Fact]
    public void StartFrom_EachOption_IsTakenOver()
    {
        var hosted = new HostedProcessorOptions();

        hosted.StartFrom(Unusual, new WatermarkOptions());

        Assert.Equal(Unusual, hosted.ToEngine());
    }

    /// <summary>A source whose events move event time must not keep the last window for ever.</summary>
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(0.0, null, 5.0)]
    [InlineData(2.0, 3.0, 3.0)]
    [InlineData(null, 3.0, 3.0)]
    public void StartFrom_Watermarks_EventTimeGoesOnWithTheClockWhereEventsMoveIt(
        double? bound, double? quiet, double? expected)
    {
        var hosted = new HostedProcessorOptions();
        var watermarks = new WatermarkOptions
        {
            MaxOutOfOrderness = Seconds(bound),
            IdleTimeout = TimeSpan.FromSeconds(9),
            AdvanceWhenQuiet = Seconds(quiet),
        };

        hosted.StartFrom(Unusual, watermarks);

        Assert.Equal(watermarks with { AdvanceWhenQuiet = Seconds(expected) }, hosted.ToEngine(watermarks));
    }

    [Theory]
    [InlineData("00:00:07", 7.0)]
    [InlineData("", null)]
    public void Get_QuietInConfiguration_TakesThePlaceOfThePipelines(string value, double? expected)
    {
        using var host = HostWith(("AdvanceWhenQuiet", value));

        var options = host.Services.GetRequiredService<IOptionsMonitor<HostedProcessorOptions>>().Get("calls");

        Assert.Equal(Seconds(expected), options.AdvanceWhenQuiet);
    }

    /// <summary>An empty value says explicit watermarks only, and no source is ever idle.</summary>
    [Theory]
    [InlineData("MaxOutOfOrderness", "00:00:07", 7.0, null)]
    [InlineData("MaxOutOfOrderness", "", null, null)]
    [InlineData("IdleTimeout", "00:00:07", 0.0, 7.0)]
    [InlineData("IdleTimeout", "", 0.0, null)]
    public void ToEngine_WatermarksInConfiguration_TakeThePlaceOfThePipelines(
        string option, string value, double? bound, double? idle)
    {
        using var host = HostWith((option, value));
        var options = host.Services.GetRequiredService<IOptionsMonitor<HostedProcessorOptions>>().Get("calls");

        var engine = options.ToEngine(new WatermarkOptions { IdleTimeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(
            new WatermarkOptions
            {
                MaxOutOfOrderness = Seconds(bound),
                IdleTimeout = Seconds(idle),
                AdvanceWhenQuiet = TimeSpan.FromSeconds(5),
            },
            engine);
    }

    /// <summary>The out-of-orderness of the configuration is what the watermark stays behind.</summary>
    [Theory]
    [InlineData("00:00:00", 1)]
    [InlineData("00:00:03", 0)]
    public async Task StartAsync_OutOfOrdernessInConfiguration_IsWhatLatenessIsJudgedBy(string bound, long dropped)
    {
        using var host = HostWith(("MaxOutOfOrderness", bound));
        await host.StartAsync();
        var publisher = host.Services.GetRequiredService<Ingest.EventPublisher<Reading>>();
        publisher.Publish(new Reading("a", 3 * TimeSpan.TicksPerSecond, 1));
        publisher.Publish(new Reading("a", 0, 1));
        await host.StopAsync();

        Assert.Equal(dropped, host.Processor("calls").GetStats().EventsDropped);
    }

    /// <summary>What the host sets takes the place of what the pipeline's steps set, and nothing else does.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartAsync_OptionsInThePipeline_CountUnlessTheHostSetsThem(bool forAllNames)
    {
        var builder = Hosts.New(($"{Section}:MaxWindowsPerKey", "5"));
        if (forAllNames)
            builder.Services.ConfigureAll<HostedProcessorOptions>(options => options.RingCapacity = 256);
        builder.Services.AddStreamProcessor<Reading>("calls", b =>
        {
            var step = b
                .Pipeline(events => events
                    .KeyBy(one => one.Key)
                    .EventTime(one => one.Ticks)
                    .Measure("value", one => one.Value)
                    .TumblingWindows(TimeSpan.FromSeconds(1))
                    .Aggregate(a => a.Count("events").Sum("sum"))
                    .ChangeOptions(options => options with
                    {
                        NonFinite = Events.NonFinitePolicy.IgnoreMeasure,
                        MaxWindowsPerKey = 3,
                        RingCapacity = 128,
                    }))
                .BindConfiguration(Section);
            return forAllNames ? step : step.Configure(options => options.RingCapacity *= 2);
        });
        using var host = builder.Build();
        await host.StartAsync();

        host.Services.GetRequiredService<Ingest.EventPublisher<Reading>>().Publish(new Reading("a", 0, double.NaN));
        var stats = host.Processor("calls").GetStats();
        await host.StopAsync();

        Assert.Equal(5, stats.MaxWindowsPerKey);
        Assert.Equal(256, stats.RingCapacity);
        Assert.Equal(0, host.Processor("calls").GetStats().EventsDropped);
    }

    [Fact]
    public async Task StartAsync_Configuration_IsWhatTheProcessorGoesBy()
    {
        using var host = HostWith(
            ("RingCapacity", "128"), ("Mode", "staged"), ("ShardCount", "2"), ("MaxWindowsPerKey", "5"));
        await host.StartAsync();

        var stats = host.Processor("calls").GetStats();
        var plan = host.Services.GetRequiredService<StreamProcessor<Reading, string>>().ExplainPlan();
        await host.StopAsync();

        Assert.Equal(128, stats.RingCapacity);
        Assert.Equal(5, stats.MaxWindowsPerKey);
        Assert.Equal((ExecutionMode.Staged, 2), (plan.Mode, plan.ShardCount));
    }

    [Theory]
    [InlineData("RingCapacity", "100", "calls.RingCapacity must be a power of two between 64 and 67108864; it was 100")]
    [InlineData("RingCapacity", "32", "calls.RingCapacity must be a power of two between 64 and 67108864; it was 32")]
    [InlineData("ShardCount", "128", "calls.ShardCount must be a power of two between 1 and 64; it was 128")]
    [InlineData("MaxWindowsPerKey", "0", "calls.MaxWindowsPerKey must be between 1 and 1048576; it was 0")]
    [InlineData("MaxSlices", "0", "calls.MaxSlices must be between 1 and 16777216; it was 0")]
    [InlineData("MaxKeys", "-1", "calls.MaxKeys must be between 1 and 1073741824; it was -1")]
    [InlineData("BatchesPerTrace", "0", "calls.BatchesPerTrace must be between 1 and 1073741824; it was 0")]
    [InlineData("ResultBufferSize", "0", "calls.ResultBufferSize must be between 1 and 16777216; it was 0")]
    [InlineData(
        "LateEventThreshold", "-00:00:01", "calls.LateEventThreshold must be at least 00:00:00; it was -00:00:01")]
    [InlineData("WindowRetention", "00:00:00.5", "calls.WindowRetention must be at least 00:00:01; it was 00:00:00.5")]
    [InlineData(
        "WatermarkInterval",
        "02:00:00",
        "calls.WatermarkInterval must be between 00:00:00.0010000 and 01:00:00; it was 02:00:00")]
    [InlineData(
        "ShutdownTimeout",
        "00:00:00",
        "calls.ShutdownTimeout must be between 00:00:00.0010000 and 01:00:00; it was 00:00:00")]
    [InlineData(
        "MaxOutOfOrderness", "-00:00:01", "calls.MaxOutOfOrderness must be at least 00:00:00; it was -00:00:01")]
    [InlineData("IdleTimeout", "00:00:00", "calls.IdleTimeout must be at least 00:00:00.0010000; it was 00:00:00")]
    [InlineData(
        "AdvanceWhenQuiet", "00:00:00", "calls.AdvanceWhenQuiet must be at least 00:00:00.0010000; it was 00:00:00")]
    [InlineData("WatermarkHistory", "65537", "calls.WatermarkHistory must be between 0 and 65536; it was 65537")]
    [InlineData("FutureSkewLimit", "-00:00:01", "calls.FutureSkewLimit must be at least 00:00:00; it was -00:00:01")]
    public Task StartAsync_ValueOutOfRange_FailsWithNameValueAndRange(string option, string? value, string expected) =>
        ExpectRefusalAsync(option, value, expected);

    [Theory]
    [InlineData("Mode", "Fast", "calls.Mode must be one of Auto, Inline, Fused, Staged; it was 'Fast'")]
    [InlineData("Mode", "9", "calls.Mode must be one of Auto, Inline, Fused, Staged; it was '9'")]
    [InlineData(
        "Mode", "Inline, Fused", "calls.Mode must be one of Auto, Inline, Fused, Staged; it was 'Inline, Fused'")]
    [InlineData("StopMode", "Now", "calls.StopMode must be one of Drain, Complete, Abort, Suspend; it was 'Now'")]
    [InlineData("MaxKeys", "many", "calls.MaxKeys must be between 1 and 1073741824; it was 'many'")]
    [InlineData(
        "MaxKeys", "99999999999", "calls.MaxKeys must be between 1 and 1073741824; it was '99999999999'")]
    [InlineData(
        "RingCapacity", "1e3", "calls.RingCapacity must be a power of two between 64 and 67108864; it was '1e3'")]
    [InlineData("WindowRetention", "long", "calls.WindowRetention must be a time, written as "
        + "[days.]hours:minutes:seconds, such as 00:00:30, and at least 00:00:01; it was 'long'")]
    [InlineData("LateEventThreshold", "30s", "calls.LateEventThreshold must be a time, written as "
        + "[days.]hours:minutes:seconds, such as 00:00:30, and at least 00:00:00; it was '30s'")]
    [InlineData("LateEventThreshold", "30", "such as 00:00:30, and at least 00:00:00; it was '30'")]
    [InlineData("LateEventThreshold", "24:00:00", "such as 00:00:30, and at least 00:00:00; it was '24:00:00'")]
    [InlineData("LateEventThreshold", "00:30", "such as 00:00:30, and at least 00:00:00; it was '00:30'")]
    [InlineData("Mode", "1", "calls.Mode must be one of Auto, Inline, Fused, Staged; it was '1'")]
    [InlineData("Mode", "+1", "calls.Mode must be one of Auto, Inline, Fused, Staged; it was '+1'")]
    [InlineData("RingCapacity", "", "calls.RingCapacity must be a power of two between 64 and 67108864; it was ''")]
    [InlineData("MaxKeys", null, "calls.MaxKeys must be between 1 and 1073741824; it was null")]
    [InlineData("MeasureLatency", "", "calls.MeasureLatency must be true or false; it was ''")]
    [InlineData("Mode", "", "calls.Mode must be one of Auto, Inline, Fused, Staged; it was ''")]
    [InlineData("MaxKeys:Most", "5", "calls.MaxKeys must be between 1 and 1073741824; it was a section")]
    [InlineData("FutureSkewLimit", "none", "such as 00:00:30, and at least 00:00:00; it was 'none'")]
    [InlineData("MeasureLatency", "maybe", "calls.MeasureLatency must be true or false; it was 'maybe'")]
    [InlineData(
        "RingCapasity",
        "128",
        "The configuration of processor 'calls' is wrong: there is no option 'RingCapasity' (section "
            + "'Processors:calls'); did you mean 'RingCapacity'?")]
    [InlineData(
        "Qwzxjvqwzx",
        "128",
        "there is no option 'Qwzxjvqwzx' (section 'Processors:calls'); the options are StopMode, ")]
    [InlineData(
        "Qwzxjvqwzx:Ear",
        "128",
        "there is no option 'Qwzxjvqwzx' (section 'Processors:calls'); the options are StopMode, ")]
    public Task StartAsync_ValueThatCannotBeRead_FailsWithNameValueAndRange(
        string option, string? value, string expected) => ExpectRefusalAsync(option, value, expected);

    private static async Task ExpectRefusalAsync(string option, string? value, string expected)
    {
        using var host = HostWith((option, value));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("calls", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task StartAsync_EmptyFutureSkewLimit_SwitchesTheGuardOff(string? value)
    {
        using var host = HostWith(("FutureSkewLimit", value));
        await host.StartAsync();

        host.Services.GetRequiredService<Ingest.EventPublisher<Reading>>()
            .Publish(new Reading("a", DateTimeOffset.UtcNow.AddDays(9).Ticks - DateTime.UnixEpoch.Ticks, 1));
        await host.StopAsync();

        Assert.Equal(0, host.Processor("calls").GetStats().EventsDropped);
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task StartAsync_MissingSection_IsAnErrorUnlessItIsOptional(bool optional, bool isThere, bool fails)
    {
        var builder = isThere ? Hosts.New((Section, null)) : Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .BindConfiguration(Section, optional));
        using var host = builder.Build();

        var error = await Record.ExceptionAsync(() => host.StartAsync());

        Assert.Equal(fails, error is OptionsValidationException);
        if (fails)
            Assert.Contains($"there is no section '{Section}'", error!.Message, StringComparison.Ordinal);
        else
            await host.StopAsync();
    }

    [Fact]
    public async Task StartAsync_SeveralWrongOptions_AllAreNamed()
    {
        using var host = HostWith(("MaxKeys", "0"), ("MaxSlices", "0"));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("calls.MaxKeys", error.Message, StringComparison.Ordinal);
        Assert.Contains("calls.MaxSlices", error.Message, StringComparison.Ordinal);
    }

    private static TimeSpan? Seconds(double? seconds) =>
        seconds is { } given ? TimeSpan.FromSeconds(given) : null;

    private static IHost HostWith(params (string Option, string? Value)[] options)
    {
        var builder = Hosts.New([.. options.Select(one => ($"{Section}:{one.Option}", one.Value))]);
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .BindConfiguration(Section));
        return builder.Build();
    }
}
