using DisruptorStream.Rings;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests;

/// <summary>Every option is checked when it is set, and the message names it and its range.</summary>
public sealed class StreamProcessorOptionsTests
{
    public static TheoryData<string, Action> OutOfRange { get; } = new()
    {
        { "LateEventThreshold", () => _ = new StreamProcessorOptions { LateEventThreshold = -TimeSpan.FromTicks(1) } },
        { "WatermarkInterval", () => _ = new StreamProcessorOptions { WatermarkInterval = TimeSpan.Zero } },
        { "WatermarkInterval", () => _ = new StreamProcessorOptions { WatermarkInterval = TimeSpan.FromHours(2) } },
        { "WindowRetention", () => _ = new StreamProcessorOptions { WindowRetention = TimeSpan.Zero } },
        { "MaxWindowsPerKey", () => _ = new StreamProcessorOptions { MaxWindowsPerKey = 0 } },
        { "WindowOverflow", () => _ = new StreamProcessorOptions { WindowOverflow = (WindowOverflowPolicy)9 } },
        { "MaxSlices", () => _ = new StreamProcessorOptions { MaxSlices = 0 } },
        { "MaxKeys", () => _ = new StreamProcessorOptions { MaxKeys = 0 } },
        { "ResultBufferSize", () => _ = new StreamProcessorOptions { ResultBufferSize = 0 } },
        { "FutureSkewLimit", () => _ = new StreamProcessorOptions { FutureSkewLimit = -TimeSpan.FromTicks(1) } },
        { "RingCapacity", () => _ = new StreamProcessorOptions { RingCapacity = 32 } },
        { "RingCapacity", () => _ = new StreamProcessorOptions { RingCapacity = 100 } },
        { "Mode", () => _ = new StreamProcessorOptions { Mode = (ExecutionMode)9 } },
        { "ShardCount", () => _ = new StreamProcessorOptions { ShardCount = 3 } },
        { "WaitStrategy", () => _ = new StreamProcessorOptions { WaitStrategy = (WaitStrategyKind)9 } },
        { "ShutdownTimeout", () => _ = new StreamProcessorOptions { ShutdownTimeout = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public void Init_OutOfRange_NamesTheOption(string option, Action set) =>
        Assert.Contains(option, Assert.Throws<ArgumentOutOfRangeException>(set).Message, StringComparison.Ordinal);

    [Fact]
    public void Defaults_AreTheDocumentedOnes()
    {
        var options = new StreamProcessorOptions();

        Assert.True(options.AllowLateEvents);
        Assert.Equal(TimeSpan.FromMinutes(5), options.LateEventThreshold);
        Assert.Equal(TimeSpan.FromSeconds(1), options.WatermarkInterval);
        Assert.Equal(TimeSpan.FromHours(1), options.WindowRetention);
        Assert.Equal(1000, options.MaxWindowsPerKey);
        Assert.Equal(1000, options.ResultBufferSize);
        Assert.Equal(TimeSpan.FromMinutes(5), options.FutureSkewLimit);
        Assert.Equal(65_536, options.RingCapacity);
        Assert.Equal(0, (options with { AllowLateEvents = false }).AllowedLatenessTicks);
    }
}
