using DisruptorStream.Building;
using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Files;
using DisruptorStream.Tests.Lifecycle;

namespace DisruptorStream.Tests.Durability;

/// <summary>A durable sink that ends its own processor: the directory becomes free.</summary>
public sealed class EndInsideSinkTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ends-inside-").FullName;

    public static TheoryData<ExecutionMode, string> Calls
    {
        get
        {
            var calls = new TheoryData<ExecutionMode, string>();
            foreach (var mode in EndingTests.Modes)
            {
                foreach (var call in (string[])["abort", "dispose", "drain", "flush"])
                    calls.Add(mode, call);
            }

            return calls;
        }
    }

    public static TheoryData<ExecutionMode, string, string> Places
    {
        get
        {
            var places = new TheoryData<ExecutionMode, string, string>();
            foreach (var mode in EndingTests.Modes)
            {
                foreach (var place in (string[])["progress", "flush", "complete"])
                {
                    places.Add(mode, place, "abort");
                    places.Add(mode, place, "drain");
                }
            }

            return places;
        }
    }

    /// <summary>
    /// An asynchronous sink waits for itself until the time-out is over. Who disposes outside, as long as that lasts,
    /// waits for the write.
    /// </summary>
    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Dispose_AfterAWriteThatAwaitedACall_LeavesTheDirectoryFree(ExecutionMode mode, string call)
    {
        var sink = new HookedSink(Path.Combine(_directory, "results.csv"));
        var outcome = Await(sink, call, () => Build(mode, sink));
        await EndsAsAsync(call, outcome);

        await sink.Processor!.DisposeAsync().AsTask().WaitAsync(Target.Patience);

        await BuildAgainAsync(mode);
    }

    /// <summary>In every other call of a sink too a wait for its own processor has an end.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public async Task Dispose_AfterAnotherCallThatAwaitedOne_LeavesTheDirectoryFree(
        ExecutionMode mode, string place, string call)
    {
        var sink = new HookedSink(Path.Combine(_directory, "results.csv")) { Place = place };
        var outcome = Await(sink, call, () => Build(mode, sink));
        await sink.Published!.WaitAsync(Target.Patience, TestContext.Current.CancellationToken);
        if (place == "flush")
            _ = sink.Processor!.FlushAsync(TestContext.Current.CancellationToken).AsTask();
        if (place == "complete")
            _ = sink.Processor!.StopAsync(StopMode.Drain, TestContext.Current.CancellationToken);
        await EndsAsAsync(call, outcome);

        await sink.Processor!.DisposeAsync().AsTask().WaitAsync(Target.Patience);

        await BuildAgainAsync(mode);
    }

    /// <summary>The thread that the sink waits for is not inside, as far as anybody can tell.</summary>
    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Dispose_AfterASinkThatWaitedOnAnotherThread_LeavesTheDirectoryFree(
        ExecutionMode mode, string call)
    {
        var inner = new HookedSink(Path.Combine(_directory, "results.csv"));
        var outcome = Await(inner, call, () => Build(mode, new WaitingSink(inner)));
        await EndsAsAsync(call, outcome);

        await inner.Processor!.DisposeAsync().AsTask().WaitAsync(Target.Patience);

        await BuildAgainAsync(mode);
    }

    /// <summary>Who disposes is not held by it; who wants the directory is, until the write has ended.</summary>
    [Theory]
    [MemberData(nameof(EndingTests.Modes), MemberType = typeof(EndingTests))]
    public async Task Dispose_WhileAWriteRuns_TheDirectoryIsFreeWhenItHasEnded(ExecutionMode mode)
    {
        var (entered, released) = (NewSource(), NewSource());
        var sink = new HookedSink(Path.Combine(_directory, "results.csv"))
        {
            Hook = async () =>
            {
                entered.TrySetResult();
                await released.Task;
            },
        };
        var processor = Build(mode, sink);
        _ = Run(processor);
        await entered.Task.WaitAsync(Target.Patience, TestContext.Current.CancellationToken);

        await processor.DisposeAsync().AsTask().WaitAsync(Target.Patience);
        var refused = Assert.Throws<DurabilityException>(
            () => Build(mode, new HookedSink(Path.Combine(_directory, "results.csv"))));
        released.SetResult();
        await processor.Completion.WaitAsync(Target.Patience, TestContext.Current.CancellationToken);

        Assert.Contains("Completion", refused.Message, StringComparison.Ordinal);
        await BuildAgainAsync(mode);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Has the sink await a call of the processor, which is run then.</summary>
    private static Task<Exception?> Await(HookedSink sink, string call, Func<StreamProcessor<string>> build)
    {
        var outcome = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.Hook = async () =>
        {
            var processor = sink.Processor!;
            var made = call switch
            {
                "abort" => processor.StopAsync(StopMode.Abort),
                "dispose" => processor.DisposeAsync().AsTask(),
                "drain" => processor.StopAsync(),
                _ => processor.FlushAsync().AsTask(),
            };
            outcome.TrySetResult(await Record.ExceptionAsync(() => made));
        };
        sink.Processor = build();
        sink.Published = Run(sink.Processor);
        return outcome.Task;
    }

    /// <summary>An abort comes back when the time-out is over; other waits say what holds the processor.</summary>
    private static async Task EndsAsAsync(string call, Task<Exception?> outcome)
    {
        var thrown = await outcome.WaitAsync(Target.Patience, TestContext.Current.CancellationToken);
        if (call is "abort" or "dispose")
            Assert.Null(thrown);
        else
            Assert.True(thrown is EngineHeldException or InvalidOperationException, $"{call}: {thrown}");
    }

    private static Task Run(StreamProcessor<string> processor)
    {
        processor.Start();
        return Task.Run(() =>
        {
            Record.Exception(() =>
            {
                for (var time = 0; time < 3; time++)
                    processor.Publish("a", time, 1);
            });
        });
    }

    private async Task BuildAgainAsync(ExecutionMode mode)
    {
        await using var again = Build(mode, new HookedSink(Path.Combine(_directory, "results.csv")));
        Assert.NotNull(again.Durability);
    }

    private StreamProcessor<string> Build(ExecutionMode mode, IAsyncDurableSink<string> sink) =>
        Step(mode).To(sink, new AsyncSinkOptions { MaxDelay = TimeSpan.Zero }).DurableIn(State).Build();

    private StreamProcessor<string> Build(ExecutionMode mode, WaitingSink sink) =>
        Step(mode).To(sink).DurableIn(State).Build();

    private string State => Path.Combine(_directory, "state");

    private static BuildStep<string> Step(ExecutionMode mode) =>
        Processors.Tumbling(1).Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with { ShutdownTimeout = TimeSpan.FromMilliseconds(300) });

    /// <summary>A file sink that does something else in one of its calls, the first time.</summary>
    private sealed class HookedSink : IAsyncDurableSink<string>
    {
        private readonly FileSink<string> _file;
        private Func<Task>? _hook;

        public HookedSink(string path) => _file = new FileSink<string>(path);

        public StreamProcessor<string>? Processor { get; set; }

        /// <summary>All that is published.</summary>
        public Task? Published { get; set; }

        public string Place { get; init; } = "write";

        public Func<Task>? Hook { set => _hook = value; }

        public DurableGuarantee Guarantee => _file.Guarantee;

        public ValueTask<long> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken) =>
            _file.OpenAsync(owner, cancellationToken);

        public ValueTask StartAsync(SinkContext context, CancellationToken cancellationToken) =>
            _file.StartAsync(context, cancellationToken);

        public async ValueTask WriteAsync(
            IReadOnlyList<WindowResult<string>> results, CancellationToken cancellationToken)
        {
            await AtAsync("write");
            await _file.WriteAsync(results, cancellationToken);
        }

        public async ValueTask ProgressAsync(SinkProgress progress, CancellationToken cancellationToken) =>
            await AtAsync("progress");

        public async ValueTask FlushAsync(CancellationToken cancellationToken) => await AtAsync("flush");

        public async ValueTask CompleteAsync(Exception? failure)
        {
            await AtAsync("complete");
            await _file.CompleteAsync(failure);
        }

        private async Task AtAsync(string place)
        {
            if (place == Place && Interlocked.Exchange(ref _hook, null) is { } hook)
                await hook();
        }
    }

    /// <summary>The same as a sink on the engine's thread, which waits for a thread of the pool.</summary>
    private sealed class WaitingSink : IDurableSink<string>
    {
        private readonly HookedSink _inner;

        public WaitingSink(HookedSink inner) => _inner = inner;

        public DurableGuarantee Guarantee => _inner.Guarantee;

        public ValueTask<long> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken) =>
            _inner.OpenAsync(owner, cancellationToken);

        public void OnStart(in SinkContext context)
        {
            var copy = context;
            Wait(() => _inner.StartAsync(copy, CancellationToken.None));
        }

        public void OnResults(ResultBatch<string> batch)
        {
            WindowResult<string>[] rows = [.. batch];
            Wait(() => _inner.WriteAsync(rows, CancellationToken.None));
        }

        public void OnComplete(Exception? failure) => Wait(() => _inner.CompleteAsync(failure));

        private static void Wait(Func<ValueTask> call) => Task.Run(() => call().AsTask()).GetAwaiter().GetResult();
    }
}
