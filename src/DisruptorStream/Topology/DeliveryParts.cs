using DisruptorStream.Aggregation;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Gating;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Emission.Pumping;
using DisruptorStream.Pipeline;
using DisruptorStream.Plans;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology;

/// <summary>How results leave a processor: rows of each shard, their merging, sinks and stream.</summary>
internal sealed class DeliveryParts<TKey>
    where TKey : notnull
{
    /// <param name="plan">What the processor is.</param>
    /// <param name="services">The sinks.</param>
    /// <param name="ledger">The keys that rows name, and failures.</param>
    /// <param name="meters">Measure how old results are.</param>
    /// <param name="watermarks">Which watermark results have come to.</param>
    /// <param name="first">The first sequence.</param>
    /// <param name="onWait">Called when somebody begins to wait for results.</param>
    /// <param name="fault">The fault of the pipeline.</param>
    /// <param name="abort">Cancelled at an abort.</param>
    public DeliveryParts(
        ProcessorPlan plan,
        ProcessorServices<TKey> services,
        Ledger<TKey> ledger,
        ProcessorMeters meters,
        WatermarkProgress watermarks,
        long first,
        Func<IDisposable?> onWait,
        RingFault fault,
        CancellationToken abort)
    {
        Results = new ResultStream<TKey>(
            services.ResultBufferSize, plan.Execution.IsInline, services.TimeProvider)
        {
            OnWait = onWait,
        };
        Rows = new ResultRing[plan.Execution.ShardCount];
        var width = Math.Max(plan.Queries[0].Metrics.Count, plan.Inputs[0].Rules.Measures.Count);
        for (var shard = 0; shard < Rows.Length; shard++)
            Rows[shard] = new ResultRing(plan.Execution.ResultRows, width);
        var aborted = new CancellationTokenSource();
        AsyncSinkRegistration<TKey>[] asyncSinks = [.. services.AsyncSinks];
        var pumps = Array.ConvertAll(asyncSinks, sink => new AsyncSinkPump<TKey>(
            sink, services.TimeProvider, services.HostFailures, fault, plan.Execution.IsInline, abort));
        var tracer = new BatchTracer(
            BatchTracer.Deliver, plan.Name, services.BatchesPerTrace, services.HostFailures);
        Dispatcher = new ResultDispatcher<TKey>(
            new DeliveryPlan<TKey>
            {
                ProcessorName = plan.Name,
                FirstSequence = first,
                Watermarks = watermarks,
                Schema = SchemaOf(plan.Queries[0]),
                Measures = SchemaOf(plan.Inputs[0]),
                Keys = ledger.Keys,
                Failures = ledger,
                OnKeyReleased = ledger.Keys.Release,
                Sinks = services.Sinks,
                DroppedEventSinks = services.DroppedEventSinks,
                Pumps = pumps,
                SinksAborted = aborted.Token,
                Stream = Results,
                TimeProvider = services.TimeProvider,
                Latency = meters.Latency,
                Tracer = tracer,
            },
            abort);
        var gated = services.Gate is { } gate && !plan.Execution.IsStaged
            ? new GatedOutput(Dispatcher, gate, fault, width, plan.Execution.IsInline)
            : null;
        Emission = new EmissionStage(Rows, (ResultOutput?)gated ?? Dispatcher, services.Gate);
        Outputs = new ProcessorOutputs<TKey>(Dispatcher, pumps, aborted, services.HostFailures);
        Buffer = new ResultBuffer<TKey>(Results, gated, Outputs);
    }

    /// <summary>The host's end.</summary>
    public ResultStream<TKey> Results { get; }

    /// <summary>The state of the host's end.</summary>
    public ResultBuffer<TKey> Buffer { get; }

    /// <summary>The rows of each shard on their way to emission.</summary>
    public ResultRing[] Rows { get; }

    /// <summary>Calls the sinks.</summary>
    public ResultDispatcher<TKey> Dispatcher { get; }

    /// <summary>All that results go to, as the life cycle sees it.</summary>
    public ProcessorOutputs<TKey> Outputs { get; }

    /// <summary>Merges the rows.</summary>
    public EmissionStage Emission { get; }

    private static ResultSchema SchemaOf(QueryPlan query)
    {
        var names = new string[query.Metrics.Count];
        var types = new MeasureType[names.Length];
        var isCount = new bool[names.Length];
        for (var metric = 0; metric < names.Length; metric++)
        {
            var definition = query.Metrics[metric];
            (names[metric], types[metric], isCount[metric]) =
                (definition.Name, definition.ResultType, definition.IsCount);
        }

        return new ResultSchema(names, types, isCount);
    }

    private static ResultSchema SchemaOf(InputPlan input)
    {
        MeasureDefinition[] measures = [.. input.Rules.Measures];
        return new ResultSchema(
            Array.ConvertAll(measures, measure => measure.Name),
            Array.ConvertAll(measures, measure => measure.Type),
            noun: "measure");
    }
}
