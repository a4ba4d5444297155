using DisruptorStream.Emission.Calls;

namespace DisruptorStream.Emission.Delivery;

/// <summary>The sinks of a processor, each once: told of its start, its progress, flushes and its end.</summary>
/// <remarks>The emitting thread owns it; after its end, who completes the sinks.</remarks>
internal sealed class SinkSet
{
    private readonly SinkCaller _caller;
    private readonly List<SinkRegistration<ISink>> _sinks = [];
    private readonly List<SinkRegistration<ISink>> _following = [];
    private int _started;
    private bool _isCompleted;

    /// <param name="caller">Calls them.</param>
    public SinkSet(SinkCaller caller) => _caller = caller;

    /// <summary>Whether there is a sink that does something with its progress, as far as is known.</summary>
    public bool FollowsProgress => _following.Count > 0;

    /// <summary>Adds a sink after those before it, unless it is there already.</summary>
    public void Add(ISink sink, SinkFailurePolicy policy)
    {
        if (_sinks.Exists(other => ReferenceEquals(other.Sink, sink)))
            return;
        var registration = new SinkRegistration<ISink>(sink, policy);
        _sinks.Add(registration);
        _following.Add(registration);
    }

    /// <exception cref="SinkException">A sink threw, and its policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted.</exception>
    public void Start(in SinkContext context)
    {
        foreach (var (sink, policy) in _sinks)
        {
            // Before the call: a sink that fails in it may hold something all the same.
            _started++;
            _caller.Call(new StartCall(sink, context), policy);
        }
    }

    /// <inheritdoc cref="Start" path="/exception"/>
    public void Report(in SinkProgress progress)
    {
        for (var index = 0; index < _following.Count; index++)
        {
            var (sink, policy) = _following[index];
            var isDone = _caller.Call(new ProgressCall(sink, progress), policy);
            if (SinkDefaults.TakeIgnored(sink) && isDone)
                _following.RemoveAt(index--);
        }
    }

    /// <inheritdoc cref="Start" path="/exception"/>
    public void Flush(long sequence)
    {
        foreach (var (sink, policy) in _sinks)
            _caller.Call(new FlushCall(sink, sequence), policy);
    }

    /// <summary>The last call of each sink that was started, whatever the others do. Once.</summary>
    /// <param name="failure">Why not all was delivered; null where it was.</param>
    /// <param name="sequence">How far delivery came.</param>
    /// <returns>What the first of those threw whose policy says stop; null for none.</returns>
    public SinkException? Complete(Exception? failure, long sequence)
    {
        SinkException? first = null;
        if (_isCompleted)
            return first;
        _isCompleted = true;
        foreach (var (sink, policy) in _sinks[.._started])
        {
            try
            {
                _caller.Call(new CompleteCall(sink, failure, sequence), policy);
            }
            catch (SinkException exception)
            {
                first ??= exception;
            }
            catch (OperationCanceledException)
            {
                // Aborted, and disposed meanwhile: the others are not called either.
            }
        }

        return first;
    }

    private readonly record struct StartCall(ISink Target, SinkContext Context) : ISinkCall
    {
        public object Sink => Target;

        public string Name => nameof(ISink.OnStart);

        public long FirstSequence => Context.FirstSequence - 1;

        public long LastSequence => Context.FirstSequence - 1;

        public bool IsLast => false;

        public void Invoke() => Target.OnStart(Context);
    }

    private readonly record struct ProgressCall(ISink Target, SinkProgress Progress) : ISinkCall
    {
        public object Sink => Target;

        public string Name => nameof(ISink.OnProgress);

        public long FirstSequence => Progress.Sequence;

        public long LastSequence => Progress.Sequence;

        public bool IsLast => false;

        public void Invoke() => Target.OnProgress(Progress);
    }

    private readonly record struct FlushCall(ISink Target, long LastSequence) : ISinkCall
    {
        public object Sink => Target;

        public string Name => nameof(ISink.OnFlush);

        public long FirstSequence => LastSequence;

        public bool IsLast => false;

        public void Invoke() => Target.OnFlush();
    }

    private readonly record struct CompleteCall(ISink Target, Exception? Failure, long LastSequence) : ISinkCall
    {
        public object Sink => Target;

        public string Name => nameof(ISink.OnComplete);

        public long FirstSequence => LastSequence;

        public bool IsLast => true;

        public void Invoke() => Target.OnComplete(Failure);
    }
}
