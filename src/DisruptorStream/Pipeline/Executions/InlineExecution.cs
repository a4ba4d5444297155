using DisruptorStream.Events;
using DisruptorStream.Ingest.Slots;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Executions;

/// <summary>The stages on the publisher's thread, inside its call.</summary>
internal sealed class InlineExecution : Execution, ISlotConsumer
{
    private readonly StageChain _chain;
    private readonly RingFault _fault;
    private readonly IInlineResults _results;
    private readonly ClockTicker _ticker;
    private readonly BatchTracer _tracer;
    private readonly InlineEventRing _ring;
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDelivering;
    private bool _isDrained;

    public InlineExecution(
        StageChain chain,
        InlineEventRing ring,
        RingFault fault,
        IInlineResults results,
        ClockTicker ticker,
        BatchTracer tracer)
    {
        _ring = ring;
        _tracer = tracer;
        _ticker = ticker;
        _chain = chain;
        _fault = fault;
        _results = results;
        ring.Attach(this);

        // Whatever ends the processor: the stages are freed when nobody is in them any more.
        ring.Ended = () => _completed.TrySetResult();
    }

    public override Task Completion => _completed.Task;

    // Pairs with the write in Handle.
    public override bool IsDrained => Volatile.Read(ref _isDrained);

    public override void Start()
    {
    }

    public override void Halt() => _ring.End();

    public void BeforeClaim()
    {
        _results.ThrowIfFull();
        _ticker.TickIfDue();
    }

    public void Consume(long first, long last)
    {
        using var activity = _tracer.Start(first, last, last - first + 1);
        Handle(default, first, last);
    }

    public void ConsumeInPlace(in AcceptedEvents events, long last)
    {
        var first = events.View.FirstSequence;
        using var activity = _tracer.Start(first, last, last - first + 1);
        Handle(events, first + events.View.Count, last);
    }

    protected override void Free() => _chain?.Dispose();

    /// <summary>Handles events outside of the ring, if there are any, and then first..last.</summary>
    private void Handle(in AcceptedEvents events, long first, long last)
    {
        try
        {
            if (events.View.Count > 0)
                _chain.HandleInPlace(events);
            var isEnd = _chain.Handle(first, last);

            // A key that is retired publishes from within the delivery.
            if (!_isDelivering)
                Deliver();
            if (isEnd)
            {
                Volatile.Write(ref _isDrained, true);
                _ring.End();
            }
        }
        catch (Exception exception) when (_fault.TrySet(exception, "inline", _chain.CurrentSequence))
        {
            _fault.ThrowIfFaulted();
        }
        catch (Exception) when (_fault.IsStop)
        {
            // Aborted within the call: its events are handled, and what they fired is discarded.
        }
    }

    private void Deliver()
    {
        _isDelivering = true;
        try
        {
            do
                _chain.Deliver(int.MaxValue);
            while (_chain.HasBacklog);
        }
        finally
        {
            _isDelivering = false;
        }
    }
}
