using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Plans;
using DisruptorStream.Rings;
using DisruptorStream.Saving;
using DisruptorStream.Telemetry;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology;

/// <summary>
/// What a processor is before anybody publishes or runs: the numbers and what they stand for, slots, delivery, where
/// the rows of the shards go, state, stages. Each is made from those before it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "What it makes is the processor's, which ends it.")]
internal sealed class EngineParts<TKey>
    where TKey : notnull
{
    /// <param name="plan">What the processor is.</param>
    /// <param name="services">What its host gives.</param>
    /// <param name="saved">Where it goes on; null to begin anew.</param>
    /// <exception cref="StateException">The state is damaged, or that of another plan.</exception>
    /// <exception cref="NotSupportedException">There is a state, and the keys have no codec.</exception>
    public EngineParts(ProcessorPlan plan, ProcessorServices<TKey> services, StateReader? saved)
    {
        Plan = plan;
        Services = services;
        Fault = new RingFault(fault => fault.IsFailure
            ? new PipelineException(fault.Stage, fault.Sequence, fault.Exception)
            : ProcessorStoppedException.Of(plan.Name));
        Status = new ProcessorStatus(needsStart: !plan.Execution.IsInline);
        Meters = new ProcessorMeters(
            services.TimeProvider, services.MeasuresLatency, services.HostFailures, StageNames.Of(plan.Execution));
        Ledger = saved is null
            ? new Ledger<TKey>(plan, services.KeyCodec)
            : Ledger<TKey>.Load(plan, services.KeyCodec, saved);
        var reminder = new StartReminder(
            Status, services.TimeProvider, services.Logger, plan.Name, services.HostFailures);
        var assignment = EngineState.NewAssignment(plan);
        if (saved is not null)
            assignment.Load(saved);
        var first = (saved?.Header.Sequence ?? -1) + 1;
        Slots = new SlotParts(plan, Meters, Fault, Wait, first, assignment.Counters.EventsProcessed);
        Assignment = new GuardedAssignment(assignment);
        Delivery = new DeliveryParts<TKey>(
            plan, services, Ledger, Meters, Assignment.Progress, first, reminder.Begin, Fault, Abort.Token);
        Shards = new ShardParts(
            plan, Delivery.Rows, Delivery.Emission, Slots.Slots.Sequencer, Meters, Wait, Abort.Token);
        State = new EngineState(
            plan, assignment, Shards.Outputs, Shards.Counters, Ledger.FailuresOf, Abort.Token);
        if (saved is not null)
            LoadRest(saved);
        Saves = new SavePoints(
            new StateSaver<TKey>(plan, Ledger, State, Delivery.Dispatcher), Delivery.Emission);
        Stages = Shards.NewStages(plan.Queries[0], State.Shards, Ledger.Keys, Slots.Controls);
    }

    public ProcessorPlan Plan { get; }

    public ProcessorServices<TKey> Services { get; }

    /// <summary>Cancelled at an abort. It has no timer and no wait handle, hence nothing to dispose.</summary>
    public CancellationTokenSource Abort { get; } = new();

    /// <summary>The threads of the engine.</summary>
    public EngineThreads Threads { get; } = new();

    /// <summary>The fault of the pipeline.</summary>
    public RingFault Fault { get; }

    public ProcessorStatus Status { get; }

    public ProcessorMeters Meters { get; }

    public Ledger<TKey> Ledger { get; }

    public SlotParts Slots { get; }

    public DeliveryParts<TKey> Delivery { get; }

    public ShardParts Shards { get; }

    public EngineState State { get; }

    public GuardedAssignment Assignment { get; }

    /// <summary>The stages of the shards.</summary>
    public AggregationStage[] Stages { get; }

    public SavePoints Saves { get; }

    /// <summary>A place to wait, as the plan says.</summary>
    public WaitStrategy Wait() => WaitStrategy.Create(
        Plan.Execution.WaitStrategy, ProcessorBudget.Current, Plan.Execution.BusyThreads);

    private void LoadRest(StateReader saved)
    {
        State.LoadShards(saved);
        Delivery.Dispatcher.Load(saved);
        saved.Complete();
    }
}
