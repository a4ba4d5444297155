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
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDelivering;

    public InlineExecution(
        StageChain chain, RingFault fault, IInlineResults results, ClockTicker ticker, BatchTracer tracer)
    {
        _tracer = tracer;
        _ticker = ticker;
        _chain = chain;
        _fault = fault;
        _results = results;
        fault.Register(() => _completed.TrySetResult());
    }

    public override Task Completion => _completed.Task;

    public override void Start()
    {
    }

    public override void Halt() => _completed.TrySetResult();

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

    public override void Dispose() => _chain.Dispose();

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
                _completed.TrySetResult();
        }
        catch (Exception exception) when (_fault.TrySet(exception, "inline", _chain.CurrentSequence))
        {
            _fault.ThrowIfFaulted();
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
