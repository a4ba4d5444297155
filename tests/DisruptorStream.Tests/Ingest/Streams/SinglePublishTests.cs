using DisruptorStream.Streams;

namespace DisruptorStream.Tests.Ingest.Streams;

/// <summary>Single events through one publisher: from several threads, and from inside its own selectors.</summary>
public sealed class SinglePublishTests
{
    private const int MostThreads = 4;
    private const int Events = 3_000;
    private const int NestedEvery = 7;
    private const int Nested = (Events + NestedEvery - 1) / NestedEvery;

    /// <summary>Each event is in its own key's result, with its own value, whatever is published meanwhile.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Publish_SeveralThreadsAndSelectorsThatPublish_MixesNothingUp(ExecutionMode mode)
    {
        // Inline, one thread at a time.
        var threads = mode == ExecutionMode.Inline ? 1 : MostThreads;
        var token = TestContext.Current.CancellationToken;
        EventStream<One>? stream = null;
        await using var built = stream = StreamProcessorBuilder.For<One>()
            .EventTime(_ => 1)
            .Measure("value", one =>
            {
                // While the outer event is being read.
                if (one.IsOuter)
                    stream!.Publish(one with { Text = $"nested {one.Text}", IsOuter = false });
                return one.Value;
            })
            .Key("text", one => one.Text)
            .Key("number", one => one.Number)
            .Query("texts", query => query.By("text").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count").Sum("value")))
            .Query("both", query => query.By<string, int>("text", "number").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count").Min("least", "value").Max("most", "value")))
            .WithOptions(new StreamProcessorOptions { Mode = mode, ResultBufferSize = 100_000 })
            .Build();
        if (mode != ExecutionMode.Inline)
            stream.Start();

        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(
            () =>
            {
                for (var number = 0; number < Events; number++)
                    stream.Publish(new One($"thread {thread}", number, thread + 1, number % NestedEvery == 0));
            },
            token)));
        await stream.StopAsync(StopMode.Complete, token);

        await CheckTextsAsync(stream, threads, token);
        await CheckPairsAsync(stream, threads, token);
    }

    private static async Task CheckTextsAsync(EventStream<One> stream, int threads, CancellationToken token)
    {
        var texts = new Dictionary<string, (long Count, double Sum)>();
        await foreach (var result in stream.Query<string>("texts").ReadResultsAsync(token))
            texts.Add(result.Key, (result.GetInt64("count"), result.GetDouble("value")));
        Assert.Equal(2 * threads, texts.Count);
        for (var thread = 0; thread < threads; thread++)
        {
            Assert.Equal((Events, (double)Events * (thread + 1)), texts[$"thread {thread}"]);
            Assert.Equal((Nested, (double)Nested * (thread + 1)), texts[$"nested thread {thread}"]);
        }
    }

    private static async Task CheckPairsAsync(EventStream<One> stream, int threads, CancellationToken token)
    {
        var pairs = 0;
        await foreach (var result in stream.Query<(string, int)>("both").ReadResultsAsync(token))
        {
            pairs++;
            var value = result.Key.Item1[^1] - '0' + 1.0;
            Assert.Equal(
                (1, value, value), (result.GetInt64("count"), result.GetDouble("least"), result.GetDouble("most")));
        }

        Assert.Equal(threads * (Events + Nested), pairs);
    }

    private readonly record struct One(string Text, int Number, double Value, bool IsOuter);
}
