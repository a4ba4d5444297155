using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Gating;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Emission.Ranking;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Pipeline;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Queries;

/// <inheritdoc cref="DeliveryParts"/>
internal sealed class DeliveryParts<TKey> : DeliveryParts
    where TKey : notnull
{
    private readonly ResultDispatcher<TKey> _dispatcher;
    private readonly ProcessorOutputs<TKey> _outputs;
    private readonly TopOutput? _top;

    /// <param name="context">What all queries share.</param>
    /// <param name="query">What the query is.</param>
    /// <param name="services">The sinks.</param>
    /// <param name="ledger">The keys that rows name.</param>
    /// <param name="failures">What user code threw.</param>
    /// <param name="watermarks">Which watermark results have come to.</param>
    public DeliveryParts(
        QueryContext context,
        QueryPlan query,
        QueryServices<TKey> services,
        Ledger ledger,
        QueryFailures failures,
        WatermarkProgress watermarks)
        : base(query, context.Plan.Inputs[0].WatermarkHistory)
    {
        var (plan, host) = (context.Plan, context.Services);
        Results = new ResultStream<TKey>(services.ResultBufferSize, plan.Execution.IsInline, host.TimeProvider)
        {
            OnWait = context.OnWait,
        };
        Readers = new ResultReaders<TKey>(Results, plan.Execution.IsInline, host.TimeProvider);
        Rows = new ResultRing[plan.Execution.ShardCount];
        var width = query.RowWidth;
        for (var shard = 0; shard < Rows.Length; shard++)
            Rows[shard] = new ResultRing(plan.Execution.ResultRows, width);
        var delivery = DeliveryPlans.Of(context, query, services, ledger, failures, watermarks);
        _dispatcher = new ResultDispatcher<TKey>(
            delivery with
            {
                Readers = Readers,
                Tally = Tally,
            },
            context.Abort);
        _top = query.Top is { } ranking
            ? TopParts.Make(ranking, _dispatcher, context, query, ledger, failures, watermarks)
            : null;
        var rows = (ResultOutput?)_top ?? _dispatcher;
        Gate = services.Gate;
        var gated = Gate is { } gate && !plan.Execution.SplitsStages
            ? new GatedOutput(rows, gate, context.Fault, width, plan.Execution.IsInline)
            : null;
        Emission = new EmissionStage(Rows, gated ?? rows, services.Gate);
        _outputs = new ProcessorOutputs<TKey>(_dispatcher, delivery.Pumps, services.Life.Aborted, host.HostFailures);
        Buffer = new ResultBuffer<TKey>(Readers, gated, _outputs);
    }

    /// <summary>The host's end.</summary>
    public ResultStream<TKey> Results { get; }

    /// <summary>The host's end, and its further readers.</summary>
    public ResultReaders<TKey> Readers { get; }

    /// <summary>The columns of the results.</summary>
    public ResultSchema Schema => _dispatcher.Schema;

    public override Type KeyType => typeof(TKey);

    public override IQueryBuffer Buffer { get; }

    public override ResultRing[] Rows { get; }

    public override IOutputs Outputs => _outputs;

    public override ISinkFailureSource Failures => _outputs;

    public override EmissionStage Emission { get; }

    public override DeliveryGate? Gate { get; }

    public override long LastNumber => _dispatcher.Figures.LastNumber;

    public override long DroppedNumber => _dispatcher.Figures.DroppedNumber;

    public override long SavedNumber => _dispatcher.SavedNumber;

    public override long SavedDroppedNumber => _dispatcher.SavedDroppedNumber;

    public override long ArrivedNumber
    {
        get
        {
            // First how much went out, then how much of that is on its way, or was given up there at an abort or a
            // failure: what comes between is told next time.
            var last = LastNumber;
            var missing = 0L;
            foreach (var sink in _outputs.AsyncSinks)
                missing = Math.Max(missing, sink.ResultsQueued + sink.ResultsDiscarded);
            return Math.Max(0, last - missing);
        }
    }

    public override DeliveryStats Stats => new()
    {
        Delivered = _dispatcher.Figures,
        UnlistedPanes = _top?.UnlistedPanes ?? 0,
        Sinks = _outputs.SinkFigures,
        AsyncSinks = _outputs.AsyncSinks,
        BufferedResults = Readers.OwnCount,
        BlockedCount = Readers.OwnBlocks,
        BlockedTicks = Readers.OwnBlockedTicks,
        Readers = Readers.Stats,
        DroppedByReaders = Readers.Dropped,
    };

    public override void Save(StateWriter writer, long watermarkTicks)
    {
        _dispatcher.Save(writer);
        _top?.Save(writer, watermarkTicks);
    }

    public override void Load(StateReader reader)
    {
        _dispatcher.Load(reader);
        _top?.Load(reader);
    }
}
