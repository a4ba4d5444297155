using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>Who may wait for the engine, and for how long.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class PublishGate : IPublishGate
{
    private readonly ProcessorStatus _status;
    private readonly EngineThreads _threads;
    private readonly InlineHold? _hold;
    private readonly EngineWatch _watch;
    private readonly IResultBuffer _results;
    private readonly int _capacity;
    private readonly string _name;

    /// <param name="status">Whether the processor has been started.</param>
    /// <param name="threads">The threads of the engine.</param>
    /// <param name="hold">Who has the ring of a processor without threads; null where there are some.</param>
    /// <param name="watch">Sees whether the engine moves.</param>
    /// <param name="results">The host's end of the results.</param>
    /// <param name="capacity">Slots of the ring.</param>
    /// <param name="name">The processor's name.</param>
    public PublishGate(
        ProcessorStatus status,
        EngineThreads threads,
        InlineHold? hold,
        EngineWatch watch,
        IResultBuffer results,
        int capacity,
        string name)
    {
        _status = status;
        _threads = threads;
        _hold = hold;
        _watch = watch;
        _results = results;
        _capacity = capacity;
        _name = name;
    }

    /// <summary>Whether the caller is a thread that the engine needs to come to an end.</summary>
    public bool IsInside => _threads.AreCurrent || _hold is { IsHeldByCaller: true };

    public StallTimer BeginWait()
    {
        if (IsInside)
        {
            throw new InvalidOperationException(
                $"The ring of {_capacity} slots is full, and the caller is on the thread that makes room: a sink, a "
                + "trigger or the like publishes into its own processor; put such events into a queue of your own, "
                + "publish them from another thread, and do not wait for that here.");
        }

        return _watch.Start();
    }

    void IPublishGate.ThrowIfBlocked(ref StallTimer timer) => ThrowIfBlocked(ref timer);

    /// <summary>Says why a wait for room, or for the end, must not go on.</summary>
    public void ThrowIfBlocked(ref StallTimer timer, bool isStop = false)
    {
        if (_status is { NeedsStart: true, IsStarted: false })
        {
            throw new InvalidOperationException(
                $"The ring of {_capacity} slots is full and the processor has not been started; call Start first.");
        }

        if (_results.BlockedWithoutReader is { } full)
        {
            throw isStop
                ? ResultBufferFullException.OfStop(_name, full)
                : ResultBufferFullException.Of(full);
        }

        _watch.ThrowIfStalled(ref timer, isStop);
    }

    /// <summary>Refuses a call that would wait for its own thread.</summary>
    /// <param name="call">Its name.</param>
    /// <exception cref="InvalidOperationException">It would.</exception>
    public void ThrowIfInside(string call)
    {
        if (IsInside)
        {
            throw new InvalidOperationException(
                $"{call} was called from inside the processor '{_name}', by a sink, a trigger, a logger or the like, "
                + "on the thread that it would wait for; let an asynchronous sink with a queue of its own call it on a "
                + "thread of its own, and do not wait for that here. StopAsync(StopMode.Abort) and DisposeAsync may be "
                + "called here: they return at once, and the end comes when the caller has returned.");
        }

        if (_hold is { IsOpenByCaller: true })
        {
            throw new InvalidOperationException(
                $"{call} was called while a claim of this thread is open; publish or dispose the claim first.");
        }
    }
}
