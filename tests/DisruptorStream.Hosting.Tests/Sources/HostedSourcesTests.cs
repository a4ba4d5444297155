using DisruptorStream.Building.Streams;
using DisruptorStream.Hosting.Sources;
using DisruptorStream.Sources;
using DisruptorStream.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Tests.Sources;

/// <summary>How a hosted processor reads its sources: by the step, by configuration, by code.</summary>
public sealed class HostedSourcesTests
{
    private const string Section = "Processors:calls:Sources:";

    private readonly FewReadings _source = new();

    [Fact]
    public async Task Start_OptionsInConfiguration_TakeThePlaceOfTheSteps()
    {
        using var host = NewHost(_ => { }, (Section + "Few:BatchEvents", "3"));
        var options = host.Services.GetRequiredService<IOptionsMonitor<HostedProcessorOptions>>().Get("calls");
        Assert.Equal(3, options.Source("few").BatchEvents);
        Assert.Equal(TimeSpan.FromSeconds(7), options.Source("few").RetryDelay);

        await host.StartAsync(TestContext.Current.CancellationToken);
        var processor = host.Services.GetRequiredService<StreamProcessor<Reading, string>>();
        await Hosts.UntilAsync(() => processor.GetStats().Readers[0].EventsPublished == 10);
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, _source.LargestBatch);
    }

    /// <summary>The sources of a stream are added by a change of it.</summary>
    [Fact]
    public async Task Start_AStream_IsReadAsTheOptionsSay()
    {
        var builder = Hosts.New(("Streams:readings:Sources:few:BatchEvents", "4"));
        builder.Services.AddEventStream<Reading>(
            "readings",
            (_, events) => events.EventTime(one => one.Ticks).Key("key", one => one.Key),
            stream => stream.AddQuery("all", query => query.By("key").TumblingWindows(TimeSpan.FromSeconds(1))
                    .Aggregate(a => a.Count("events")))
                .Change(step => step.ReadFrom("few", _source))
                .BindConfiguration("Streams:readings"));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var stream = host.Services.GetRequiredService<EventStream<Reading>>();
        await Hosts.UntilAsync(() => stream.GetStats().Readers[0].EventsPublished == 10);
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(4, _source.LargestBatch);
    }

    [Fact]
    public void ToEngine_EachOption_IsThereAndCarriedOver()
    {
        var unusual = new SourceOptions
        {
            BatchEvents = 2,
            OnBadRecord = BadRecordPolicy.Skip,
            RetryDelay = TimeSpan.FromSeconds(3),
            MaxRetryDelay = TimeSpan.FromSeconds(4),
            MaxUnacknowledgedBatches = 5,
            Journal = SourceJournal.Order,
        };
        foreach (var option in typeof(SourceOptions).GetProperties())
        {
            var same = typeof(HostedSourceOptions).GetProperty(option.Name);
            Assert.True(same is not null, $"{option.Name} is missing.");
            Assert.Equal(option.GetValue(new SourceOptions()), same.GetValue(new HostedSourceOptions()));
            Assert.NotEqual(option.GetValue(new SourceOptions()), option.GetValue(unusual));
        }

        Assert.Equal(unusual, new HostedSourceOptions(unusual).ToEngine());
    }

    [Theory]
    [InlineData("few:BatchEvents", "0", "calls.Sources.few.BatchEvents must be between 1 and 65536; it was 0.")]
    [InlineData("few:BatchEvents", "x", "calls.Sources.few.BatchEvents must be between 1 and 65536; it was 'x'.")]
    [InlineData("few:OnBadRecord", "Go", "must be one of Stop, Skip; it was 'Go'.")]
    [InlineData("few:Journal", "None", "must be one of Events, Order; it was 'None'.")]
    [InlineData("few:Batch", "1", "(section 'Processors:calls:Sources:few'); the options are BatchEvents,")]
    [InlineData("fex:BatchEvents", "1", "there is no source 'fex'; name one of 'few'; did you mean 'few'?")]
    [InlineData("few", "1", "is a value, '1', and not a section; write its options, as Sources:few:BatchEvents.")]
    public async Task Start_WrongOption_IsRefusedWithWhatIsAllowed(string key, string value, string expected)
    {
        using var host = NewHost(_ => { }, (Section + key, value));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WrongOptionByCode_IsRefused()
    {
        using var host = NewHost(options => options.Source("few").RetryDelay = TimeSpan.Zero);
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("calls.Sources.few.RetryDelay must be between", refused.Message, StringComparison.Ordinal);

        using var other = NewHost(options => options.Source("fewer").BatchEvents = 1);
        var none = await Assert.ThrowsAsync<KeyNotFoundException>(
            () => other.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("there is no source 'fewer'", none.Message, StringComparison.Ordinal);
        Assert.Contains("the processor reads none by itself", Assert.Throws<KeyNotFoundException>(
            () => new HostedProcessorOptions().Source("a")).Message, StringComparison.Ordinal);
    }

    private IHost NewHost(Action<HostedProcessorOptions> configure, params (string Key, string? Value)[] configuration)
    {
        var builder = Hosts.New([("Processors:calls:StopHostOnFault", "true"), .. configuration]);
        var said = new SourceOptions { BatchEvents = 9, RetryDelay = TimeSpan.FromSeconds(7) };
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(events => Hosts.CountPerSecond(events).ReadFrom("few", _source, said))
            .To<ListSink>()
            .BindConfiguration("Processors:calls")
            .Configure(configure));
        return builder.Build();
    }
}
