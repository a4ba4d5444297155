using DisruptorStream.Emission;
using DisruptorStream.Emission.Views;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission;

/// <summary>Each result has a number of its query, from 1 on, wherever it is read.</summary>
public sealed class ResultNumbersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Number_SinksReadersAndViews_IsThePlaceAmongAllResults(ExecutionMode mode)
    {
        var (sink, pumped) = (new CollectingSink<string>(), new CollectingAsyncSink<string>());
        var view = new LatestResults<string>();
        await using var processor = Processors.Tumbling(10)
            .AllowedLateness(TimeSpan.FromTicks(20))
            .Accumulation(AccumulationMode.Retracting)
            .Counting(mode)
            .To(sink)
            .To(pumped, new AsyncSinkOptions { BatchSize = 3 })
            .To(view)
            .Build();
        using var reader = processor.CreateResultReader();
        processor.Start();
        for (var at = 0; at < 400; at++)
            processor.Publish($"k{at % 5}", at - (at % 3 * 7), 1);
        await processor.StopAsync(StopMode.Complete, Token);

        var read = new List<WindowResult<string>>();
        await foreach (var result in reader.ReadAllAsync(Token))
            read.Add(result);
        var all = sink.Results;
        Assert.Contains(all, result => result.Timing == PaneTiming.Retract);
        Assert.True(all.Count > 256, $"{all.Count} results are one batch.");
        Assert.Equal(Enumerable.Range(1, all.Count), all.Select(result => (int)result.Number));
        Assert.Equal(Texts(all), Texts(pumped.Results));
        Assert.Equal(Texts(all), Texts(read));
        foreach (var shown in view.Read())
            Assert.Equal(Texts([all[(int)shown.Number - 1]]), Texts([shown]));
        Assert.Equal(5, view.Read().Count);
    }

    [Fact]
    public async Task Number_SavedAndLoadedAfterEachEvent_GoesOn()
    {
        var (whole, parts) = (new CollectingSink<string>(), new CollectingSink<string>());
        await using (var processor = Processors.Tumbling(3).Counting(ExecutionMode.Inline).To(whole).Build())
        {
            for (var at = 0; at < 30; at++)
                processor.Publish($"k{at % 4}", at, 1);
            await processor.StopAsync(StopMode.Complete, Token);
        }

        var current = Processors.Tumbling(3).Counting(ExecutionMode.Inline).To(parts).Build();
        for (var at = 0; at < 30; at++)
        {
            current.Publish($"k{at % 4}", at, 1);
            using var state = new MemoryStream();
            await current.SaveStateAsync(state, Token);
            await current.DisposeAsync();
            state.Position = 0;
            var mode = (ExecutionMode[])[ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged];
            current = Processors.Tumbling(3).Counting(mode[at % 3]).To(parts).Load(state);
            current.Start();
        }

        await current.StopAsync(StopMode.Complete, Token);
        await current.DisposeAsync();
        Assert.NotEmpty(whole.Results);
        Assert.Equal(Texts(whole.Results), Texts(parts.Results));
    }

    [Fact]
    public void FirstNumber_NoResults_IsZero() => Assert.Equal(0, ResultBatch<string>.Empty.FirstNumber);

    private static IEnumerable<string> Texts(IEnumerable<WindowResult<string>> results) =>
        results.Select(ResultLinesOf);

    private static string ResultLinesOf(WindowResult<string> result) => ResultLines<string>.LineOf(result);
}
