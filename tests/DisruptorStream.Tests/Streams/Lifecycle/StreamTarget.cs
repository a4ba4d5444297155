using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Emission.Views;
using DisruptorStream.Ingest;
using DisruptorStream.Streams;
using DisruptorStream.Tests.Lifecycle;

namespace DisruptorStream.Tests.Streams.Lifecycle;

/// <summary>A stream of two queries in some state, and what was got from it while it took calls.</summary>
/// <remarks>One query is what the state says; the sink of the other one takes all that comes.</remarks>
internal sealed class StreamTarget : IResultSink<string>, IAsyncResultSink<string>
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _proceeds = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<string>? _inside;
    private int _calls;

    /// <param name="mode">Who runs the stages.</param>
    /// <param name="hasSink">Whether results go to a sink, and not to the buffer.</param>
    /// <param name="isHeld">Whether waits are to end soon, as something will hold the engine.</param>
    /// <param name="isAsync">Whether results go to an asynchronous sink, whose writes end when it is released.</param>
    /// <param name="isDurable">Whether it can be suspended; what is kept then is nothing.</param>
    /// <param name="directory">Where it keeps a journal; null for nowhere.</param>
    /// <param name="isRecorded">Whether it has a flight recorder, whose dumps go there, and no journal.</param>
    public StreamTarget(
        ExecutionMode mode,
        bool hasSink,
        bool isHeld,
        bool isAsync = false,
        bool isDurable = false,
        string? directory = null,
        bool isRecorded = false)
    {
        Mode = mode;
        Directory = directory;
        var options = new AsyncSinkOptions { BatchSize = 1, Capacity = 2 };
        var stream = StreamProcessorBuilder.For<Call>()
            .EventTime(call => call.Time)
            .Measure("cost", call => call.Read())
            .Key("key", call => call.Key)
            .Query("others", query => query.Where(call => call.Time < 0).By("key")
                .TumblingWindows(TimeSpan.FromTicks(5)).Aggregate(a => a.Sum("cost")).To(Others))
            .Query("counts", query =>
            {
                var step = query.By("key").TumblingWindows(TimeSpan.FromTicks(1)).Aggregate(a => a.Count("count"));
                return isAsync ? step.To(this, options) : hasSink ? step.To(this, policy: null) : step;
            })
            .WithOptions(Processors.Options(mode) with
            {
                RingCapacity = 64,
                ResultBufferSize = 4,
                ShutdownTimeout = isHeld ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(20),
            });
        if (directory is not null)
        {
            stream = isRecorded
                ? stream.RecordTo(directory)
                : stream.DurableIn(directory, new DurabilityOptions { SegmentBytes = 1 << 16 });
        }

        Stream = (isDurable ? stream.WithSuspension((_, _) => Task.CompletedTask) : stream).Build();
        Events = Stream.CreateEventPublisher("target");

        // It must not hold the watermark.
        Events.MarkIdle();

        // It must not keep the query's own buffer from being fed, nor hold anybody.
        Query = Stream.Query<string>("counts");
        Reader = Query.CreateResultReader(new ResultReaderOptions { WhenFull = ResultReaderFullMode.DropOldest });
        if (!hasSink && !isAsync)
            Assert.Throws<OutcomeException>(() => LifecycleCalls.Enumerate(token => Query.ReadResultsAsync(token)));
    }

    public ExecutionMode Mode { get; }

    /// <summary>Where its files go; null for nowhere.</summary>
    public string? Directory { get; }

    public EventStream<Call> Stream { get; }

    public EventPublisher<Call> Events { get; }

    public StreamQuery<string> Query { get; }

    public ResultReader<string> Reader { get; }

    /// <summary>Of the other query.</summary>
    public LatestResults<string> Others { get; } = new();

    /// <summary>What the next call of the sink does. Others do nothing.</summary>
    public SinkAction Action { get; set; }

    public Task Entered => _entered.Task;

    public Task<string> Outcome => _outcome.Task;

    /// <summary>The sink makes this call, on the engine's thread, once <see cref="Proceed"/> was called.</summary>
    public void CallInside(Func<string> call) => _inside = call;

    public void Proceed() => _proceeds.TrySetResult();

    public void Release()
    {
        _proceeds.TrySetResult();
        _released.TrySetResult();
    }

    public async ValueTask WriteAsync(
        IReadOnlyList<WindowResult<string>> results, CancellationToken cancellationToken)
    {
        _entered.TrySetResult();
        await _released.Task.ConfigureAwait(false);
    }

    public void OnResults(ResultBatch<string> batch)
    {
        if (Interlocked.Increment(ref _calls) > 1 || Action == SinkAction.Return)
            return;
        if (Action == SinkAction.Throw)
            throw new IOException("the disk is full");
        _entered.TrySetResult();
        if (Action == SinkAction.Call)
        {
            _proceeds.Task.Wait();
            _outcome.TrySetResult(_inside!());
        }
        else
        {
            _released.Task.Wait();
        }
    }

    /// <summary>An event.</summary>
    /// <param name="Key">Its key.</param>
    /// <param name="Time">In ticks.</param>
    /// <param name="OnRead">What happens when a selector reads it; null for nothing.</param>
    internal sealed record Call(string Key, long Time, Action? OnRead = null)
    {
        public double Read()
        {
            OnRead?.Invoke();
            return 1;
        }
    }
}
