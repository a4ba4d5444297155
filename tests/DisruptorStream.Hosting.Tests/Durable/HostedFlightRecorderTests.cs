using DisruptorStream.Durability.Recording;
using DisruptorStream.Hosting.Durable;
using DisruptorStream.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Tests.Durable;

/// <summary>The flight recorder of a hosted processor: by the step, by configuration, by code.</summary>
public sealed class HostedFlightRecorderTests : IDisposable
{
    private const string Section = "Processors:calls:FlightRecorder:";

    private readonly string _directory = Directory.CreateTempSubdirectory("hosted-recorder-").FullName;

    [Fact]
    public async Task Start_DirectoryInConfiguration_RecordsBelowTheContentRoot()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ContentRootPath = _directory,
        });
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<ListSink>()
            .Configure(options =>
            {
                options.FlightRecorder.DumpDirectory = "dumps";
                options.FlightRecorder.Directory = "recording";
            }));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        host.Services.GetRequiredService<EventPublisher<Reading>>().Publish(new Reading("a", 1, 1));
        var dump = host.Services.GetRequiredService<StreamProcessor<Reading, string>>().FlightRecorder!.Dump();
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith(Path.Combine(_directory, "dumps", "calls-"), dump.Directory, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_directory, "recording")));
    }

    [Fact]
    public void Options_RecorderByStep_StartFromIt()
    {
        using var host = NewHost(true, (Section + "DumpsKept", "7"), (Section + "OnDrops", ""));

        var options = host.Services.GetRequiredService<IOptionsMonitor<HostedProcessorOptions>>().Get("calls");

        Assert.Equal(_directory, options.FlightRecorder.DumpDirectory);
        Assert.Equal(7, options.FlightRecorder.DumpsKept);
        Assert.Equal(5_000, options.FlightRecorder.Slots);
        Assert.Null(options.FlightRecorder.OnDrops);
    }

    [Fact]
    public async Task Start_OptionsAndNoDirectory_IsAWarning()
    {
        using var host = NewHost(false, (Section + "OnFault", "false"));
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Null(host.Services.GetRequiredService<StreamProcessor<Reading, string>>().FlightRecorder);
        Assert.Single(host.LogsOf(112));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Each option of the engine is there, has its default, and reaches the engine.</summary>
    [Fact]
    public void ToEngine_EachOption_IsThereAndCarriedOver()
    {
        var unusual = new FlightRecorderOptions
        {
            Slots = 2,
            MaxBytes = 3L << 20,
            Directory = _directory,
            OnFault = false,
            OnDrops = 4,
            OnLatency = TimeSpan.FromSeconds(5),
            DumpInterval = TimeSpan.FromSeconds(6),
            DumpsKept = 7,
            HashKeys = true,
            HashSecret = "eight",
        };
        var fresh = new HostedFlightRecorderOptions();
        foreach (var option in typeof(FlightRecorderOptions).GetProperties())
        {
            var same = typeof(HostedFlightRecorderOptions).GetProperty(option.Name);
            Assert.True(same is not null, $"{option.Name} is missing.");
            Assert.Equal(option.GetValue(new FlightRecorderOptions()), same.GetValue(fresh));
            Assert.NotEqual(option.GetValue(new FlightRecorderOptions()), option.GetValue(unusual));
        }

        fresh.StartFrom("dumps", unusual);
        Assert.Equal(unusual, fresh.ToEngine(fresh.Directory));
        Assert.Equal("dumps", fresh.DumpDirectory);
    }

    [Theory]
    [InlineData("Slots", "0", "calls.FlightRecorder.Slots must be between 1 and 1000000000; it was 0.")]
    [InlineData("MaxBytes", "1", "MaxBytes must be between 1048576 and 1099511627776; it was 1.")]
    [InlineData("OnDrops", "0", "OnDrops must be at least 1; it was 0.")]
    [InlineData("OnFault", "often", "calls.FlightRecorder.OnFault must be true or false; it was 'often'.")]
    [InlineData("OnLatency", "5", "calls.FlightRecorder.OnLatency must be a time, written as")]
    [InlineData("HashSecret", "very secret", "HashSecret is set, and HashKeys is not")]
    [InlineData("DumpDirectory", "", "DumpDirectory must be the path of a directory; it was ''.")]
    [InlineData("DumpKept", "x", "(section 'Processors:calls:FlightRecorder'); did you mean 'DumpsKept'?")]
    public async Task Start_WrongOption_IsRefusedWithWhatIsAllowed(string key, string value, string expected)
    {
        using var host = NewHost(true, (Section + key, value));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TheRecorderIsAValue_IsRefusedWithWhatToWrite()
    {
        using var host = NewHost(false, ("Processors:calls:FlightRecorder", "dumps"));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(
            "write the directory of the dumps as FlightRecorder:DumpDirectory",
            refused.Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private IHost NewHost(bool hasStep, params (string Key, string? Value)[] configuration)
    {
        var builder = Hosts.New([("Processors:calls:StopHostOnFault", "true"), .. configuration]);
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(events => hasStep
                ? Hosts.CountPerSecond(events).RecordTo(
                    _directory, new FlightRecorderOptions { Slots = 5_000, OnDrops = 3 })
                : Hosts.CountPerSecond(events))
            .To<ListSink>()
            .BindConfiguration("Processors:calls"));
        return builder.Build();
    }
}
