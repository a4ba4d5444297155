using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Ingest;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>A processor in some state, and what was got from it while it took calls.</summary>
internal sealed class Target : IResultSink<string>, IAsyncResultSink<string>
{
    /// <summary>No call may take longer, whatever the state.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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
    public Target(
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
        var step = StreamProcessorBuilder.For<(string Key, long Time)>()
            .KeyBy(one => one.Key)
            .EventTime(one => one.Time)
            .TumblingWindows(TimeSpan.FromTicks(1))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with
            {
                RingCapacity = 64,
                ResultBufferSize = 4,
                ShutdownTimeout = isHeld ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(20),
            });
        if (isDurable)
            step = step.WithSuspension((_, _) => Task.CompletedTask);
        if (directory is not null)
        {
            step = isRecorded
                ? step.RecordTo(directory)
                : step.DurableIn(directory, new DurabilityOptions { SegmentBytes = 1 << 16 });
        }

        var options = new AsyncSinkOptions { BatchSize = 1, Capacity = 2 };
        Processor = (isAsync ? step.To(this, options) : hasSink ? step.To(this, policy: null) : step).Build();
        Publisher = Processor.CreatePublisher("target");
        Events = Processor.CreateEventPublisher("typed");

        // They must not hold the watermark.
        Publisher.MarkIdle();
        Events.MarkIdle();
        Handle = Processor.GetKey("handle");

        // It must not keep the processor's own buffer from being fed, nor hold anybody.
        Reader = Processor.CreateResultReader(new ResultReaderOptions { WhenFull = ResultReaderFullMode.DropOldest });
        if (hasSink || isAsync)
            return;
        Processor.ExpectReader();
        Processor.ForgetReader();
    }

    public ExecutionMode Mode { get; }

    /// <summary>Where its files go; null for nowhere.</summary>
    public string? Directory { get; }

    public StreamProcessor<(string Key, long Time), string> Processor { get; }

    public KeyedPublisher<string> Publisher { get; }

    public EventPublisher<(string Key, long Time)> Events { get; }

    public KeyHandle Handle { get; }

    public ResultReader<string> Reader { get; }

    /// <summary>What the next call of the sink does. Others do nothing.</summary>
    public SinkAction Action { get; set; }

    /// <summary>How often the sink was called.</summary>
    public int Calls => Volatile.Read(ref _calls);

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
        Interlocked.Increment(ref _calls);
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
}
