using DisruptorStream.Emission.Calls;
using DisruptorStream.Emission.Durable;

namespace DisruptorStream.Emission.Delivery;

/// <summary>The sinks of a processor, each once: told of its start, its progress, flushes and its end.</summary>
/// <remarks>The emitting thread owns it; after its end, who completes the sinks.</remarks>
internal sealed class SinkSet
{
    private readonly SinkCaller _caller;
    private readonly SinkLife _life;
    private readonly List<SinkRegistration<ISink>> _sinks = [];
    private readonly List<SinkRegistration<ISink>> _following = [];
    private readonly Dictionary<ISink, Func<CancellationToken, Task>> _toOpen =
        new(ReferenceEqualityComparer.Instance);

    private int _started;
    private bool _isCompleted;

    /// <param name="caller">Calls them.</param>
    /// <param name="life">Whether another has told them already that they begin.</param>
    public SinkSet(SinkCaller caller, SinkLife life)
    {
        _caller = caller;
        _life = life;
    }

    /// <summary>Whether there is a sink that does something with its progress, as far as is known.</summary>
    public bool FollowsProgress => _following.Count > 0;

    /// <summary>Whether they, or those of the same query in a processor before, were told that they begin.</summary>
    public bool HasBegun => _life.IsStarted;

    /// <summary>Adds a sink after those before it, unless it is there already.</summary>
    public void Add(ISink sink, SinkFailurePolicy policy)
    {
        if (_sinks.Exists(other => ReferenceEquals(other.Sink, sink)))
            return;
        var registration = new SinkRegistration<ISink>(sink, policy);
        _sinks.Add(registration);
        _following.Add(registration);
    }

    /// <summary>A sink that was added is to be opened before it is started.</summary>
    public void AddOpening(ISink sink, Func<CancellationToken, Task> open) => _toOpen[sink] = open;

    /// <returns>Whether they, and those beside them, begin here: another may have told them that they do.</returns>
    /// <exception cref="SinkException">A sink threw, and its policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted.</exception>
    public bool Start(in SinkContext context)
    {
        if (_life.IsStarted)
        {
            _started = _sinks.Count;
            return false;
        }

        _life.IsStarted = true;
        foreach (var (sink, policy) in _sinks)
        {
            // Before the call: a sink that fails in it may hold something all the same.
            _started++;
            if (_toOpen.TryGetValue(sink, out var open))
                _caller.Call(new OpenCall(sink, open, context), policy);
            _caller.Call(new StartCall(sink, context), policy);
        }

        return true;
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

    private readonly record struct OpenCall(
        ISink Target, Func<CancellationToken, Task> Open, SinkContext Context) : ISinkCall
    {
        public object Sink => Target;

        public string Name => "OpenAsync";

        public long FirstSequence => Context.FirstSequence - 1;

        public long LastSequence => Context.FirstSequence - 1;

        public bool IsLast => false;

        // On the pool: a context of the calling thread must not be waited for on that very thread.
        public void Invoke()
        {
            var (open, token) = (Open, Context.Aborted);
            Task.Run(() => open(token), CancellationToken.None).GetAwaiter().GetResult();
        }
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
