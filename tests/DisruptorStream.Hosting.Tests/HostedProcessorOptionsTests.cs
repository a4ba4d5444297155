using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Tests;

/// <summary>Options from configuration, and what keeps a host from starting.</summary>
public sealed class HostedProcessorOptionsTests
{
    private const string Section = "Processors:calls";

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
        var hosted = new HostedProcessorOptions
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
            BatchesPerTrace = 15,
        };
        var engine = hosted.ToEngine();
        var defaults = new StreamProcessorOptions();
        foreach (var option in typeof(StreamProcessorOptions).GetProperties())
        {
            var expected = typeof(HostedProcessorOptions).GetProperty(option.Name)!.GetValue(hosted);
            Assert.Equal(expected, option.GetValue(engine));
            Assert.NotEqual(option.GetValue(defaults), option.GetValue(engine));
        }
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
    [InlineData("FutureSkewLimit", "-00:00:01", "calls.FutureSkewLimit must be at least 00:00:00; it was -00:00:01")]
    [InlineData("Mode", "Fast", "calls.Mode must be one of Auto, Inline, Fused, Staged; it was 'Fast'")]
    [InlineData("Mode", "9", "calls.Mode must be one of Auto, Inline, Fused, Staged; it was '9'")]
    [InlineData(
        "Mode", "Inline, Fused", "calls.Mode must be one of Auto, Inline, Fused, Staged; it was 'Inline, Fused'")]
    [InlineData("StopMode", "Now", "calls.StopMode must be one of Drain, Complete, Abort; it was 'Now'")]
    [InlineData("MaxKeys", "many", "calls.MaxKeys must be between 1 and 1073741824; it was 'many'")]
    [InlineData(
        "MaxKeys", "99999999999", "calls.MaxKeys must be between 1 and 1073741824; it was '99999999999'")]
    [InlineData(
        "RingCapacity", "1e3", "calls.RingCapacity must be a power of two between 64 and 67108864; it was '1e3'")]
    [InlineData("WindowRetention", "long", "calls.WindowRetention must be at least 00:00:01; it was 'long'")]
    [InlineData("FutureSkewLimit", "none", "calls.FutureSkewLimit must be at least 00:00:00; it was 'none'")]
    [InlineData("MeasureLatency", "maybe", "calls.MeasureLatency must be true or false; it was 'maybe'")]
    [InlineData("RingCapcity", "128", "'RingCapcity'")]
    public async Task StartAsync_WrongConfiguration_FailsWithNameValueAndRange(
        string option, string value, string expected)
    {
        using var host = HostWith((option, value));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("calls", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_SeveralWrongOptions_AllAreNamed()
    {
        using var host = HostWith(("MaxKeys", "0"), ("MaxSlices", "0"));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("calls.MaxKeys", error.Message, StringComparison.Ordinal);
        Assert.Contains("calls.MaxSlices", error.Message, StringComparison.Ordinal);
    }

    private static IHost HostWith(params (string Option, string? Value)[] options)
    {
        var builder = Hosts.New([.. options.Select(one => ($"{Section}:{one.Option}", one.Value))]);
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .BindConfiguration(Section));
        return builder.Build();
    }
}
