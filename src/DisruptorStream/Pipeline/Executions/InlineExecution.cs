using DisruptorStream.Events;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Executions;

/// <summary>The stages on the publisher's thread, inside its call.</summary>
internal sealed class InlineExecution : Execution, ISlotConsumer
{
    private readonly StageChain _chain;
    private readonly Sequencer _sequencer;
    private readonly InlineHold _hold;
    private readonly IInlineResults _results;
    private readonly BatchTracer _tracer;
    private readonly InlineGathering? _gathering;
    private readonly Sequence _consumed = new();
    private bool _isAtRest;
    private bool _isEnding;
    private bool _isDrained;

    /// <param name="chain">The stages.</param>
    /// <param name="sequencer">Of the slots that they handle.</param>
    /// <param name="hold">Who has the ring.</param>
    /// <param name="results">The buffer that the caller drains.</param>
    /// <param name="tracer">Traces the batches.</param>
    /// <param name="gathering">Where single events wait for others; null where each is handled alone.</param>
    /// <param name="owned">What is freed at the end.</param>
    public InlineExecution(
        StageChain chain,
        Sequencer sequencer,
        InlineHold hold,
        IInlineResults results,
        BatchTracer tracer,
        InlineGathering? gathering,
        IDisposable[] owned)
        : base(owned)
    {
        _chain = chain;
        _sequencer = sequencer;
        _hold = hold;
        _results = results;
        _tracer = tracer;
        _gathering = gathering;
        sequencer.AddGatingSequences(_consumed);
        sequencer.Fault.Register(hold.End);
    }

    /// <summary>Whatever ends the processor: the stages are freed when nobody is in them any more.</summary>
    public override Task Completion => _hold.Ended;

    // Pairs with the write in Handle.
    public override bool IsDrained => Volatile.Read(ref _isDrained);

    public override void Start()
    {
    }

    public override void Halt() => _hold.End();

    public bool TakesEvents() => _results.TakesEvents();

    public bool HasRoom() => _results.HasRoom();

    public void Consume(long first, long last)
    {
        if (first == last && _isAtRest && !BatchTracer.IsListenedTo && TryHandleOne(first))
            return;
        using var activity = _tracer.Start(first, last, last - first + 1);
        Handle(default, first, last);
    }

    public void ConsumeInPlace(in AcceptedEvents events, long last)
    {
        var first = events.View.FirstSequence;
        using var activity = _tracer.Start(first, last, last - first + 1);
        Handle(events, first + events.View.Count, last);
    }

    long ISlotConsumer.Deliver()
    {
        try
        {
            Deliver();
            EndIfDelivered();
        }
        catch (Exception exception)
        {
            if (!IsAbort(exception))
                throw;
        }

        return _chain.DeliveredThrough;
    }

    /// <summary>Copies a part of the state, where a snapshot wants it. Within a call.</summary>
    public void CopySome()
    {
        if (!_sequencer.Fault.IsFaulted)
            _chain.CopySome();
    }

    public void FlushSinks()
    {
        try
        {
            _chain.FlushSinks();
        }
        catch (Exception exception)
        {
            if (!IsAbort(exception))
                throw;
        }
    }

    /// <summary>Handles events outside of the ring, if there are any, and then first..last.</summary>
    private void Handle(in AcceptedEvents events, long first, long last)
    {
        _isAtRest = false;
        try
        {
            if (events.View.Count > 0)
                _chain.HandleInPlace(events);
            var isEnd = _chain.Handle(first, last);
            _consumed.SetRelease(last);
            Deliver();
            _isEnding |= isEnd;
            EndIfDelivered();

            // What the next event finds: all is delivered, and nothing is under way.
            _isAtRest = !_isEnding && !_chain.HasBacklog;
            ExpectMore();
        }
        catch (Exception exception)
        {
            if (!IsAbort(exception))
                throw;
        }
    }

    /// <summary>The short way of one event. Returns false where it must take the long one.</summary>
    private bool TryHandleOne(long sequence)
    {
        try
        {
            if (!_chain.TryHandleOne(sequence, out var isDelivered))
                return false;
            _consumed.SetRelease(sequence);
            if (!isDelivered)
            {
                Deliver();
                _isAtRest = !_chain.HasBacklog;
            }

            _gathering?.OnSingle();
            ExpectMore();
        }
        catch (Exception exception)
        {
            if (!IsAbort(exception))
                throw;
        }

        return true;
    }

    /// <summary>Says which single events may wait for others.</summary>
    private void ExpectMore()
    {
        if (_gathering is not { IsOfCaller: true } gathering)
            return;
        if (_isAtRest && !BatchTracer.IsListenedTo && _results.IsOpen && _chain.TryExpect(out var alike))
            gathering.Expect(alike, _consumed.Value + 1);
        else
            gathering.Forget();
    }

    private void EndIfDelivered()
    {
        if (!_isEnding || _chain.IsHeld)
            return;
        Volatile.Write(ref _isDrained, true);
        _hold.End();
    }

    /// <summary>
    /// Whether it is because of an abort within the call: its events are handled, and what they fired is discarded.
    /// </summary>
    /// <exception cref="PipelineException">It is the failure that ends the processor.</exception>
    private bool IsAbort(Exception exception)
    {
        // A sink that fails on another thread ends what goes on here, and is what counts.
        var isFailure = _sequencer.Fault.TrySet(exception, "inline", _chain.CurrentSequence)
            || (exception is OperationCanceledException && _sequencer.Fault.IsFailure);
        if (isFailure)
            _sequencer.Fault.ThrowIfFaulted();
        return _sequencer.Fault.IsStop;
    }

    private void Deliver()
    {
        do
            _chain.Deliver(int.MaxValue);
        while (HandlePublished() || _chain.HasBacklog);
    }

    /// <summary>Handles the slots that the stages have published themselves. Returns whether there were any.</summary>
    private bool HandlePublished()
    {
        var (first, last) = (_consumed.Value + 1, _sequencer.Cursor.Value);
        if (last < first)
            return false;
        _chain.Handle(first, last);
        _consumed.SetRelease(last);
        return true;
    }
}
