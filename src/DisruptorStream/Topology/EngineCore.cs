using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Plans;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Topology;

/// <summary>What all parts of a processor share, whatever its keys and queries are.</summary>
[SuppressMessage("Design", "CA1001", Justification = "What it makes is the processor's, which ends it.")]
internal sealed class EngineCore
{
    /// <param name="plan">What the processor is.</param>
    /// <param name="services">What its host gives.</param>
    public EngineCore(ProcessorPlan plan, ProcessorServices services)
    {
        Plan = plan;
        Services = services;
        Fault = new RingFault(fault => fault.IsFailure
            ? new PipelineException(fault.Stage, fault.Sequence, fault.Exception)
            : ProcessorStoppedException.Of(plan.Name));
        Status = new ProcessorStatus(needsStart: !plan.Execution.IsInline);
        Meters = new ProcessorMeters(
            services.TimeProvider,
            services.MeasuresLatency,
            services.HostFailures,
            services.Histograms,
            StageNames.Of(plan, services.Journal is not null));
    }

    public ProcessorPlan Plan { get; }

    public ProcessorServices Services { get; }

    /// <summary>Cancelled at an abort. It has no timer and no wait handle, hence nothing to dispose.</summary>
    public CancellationTokenSource Abort { get; } = new();

    /// <summary>The threads of the engine.</summary>
    public EngineThreads Threads { get; } = new();

    /// <summary>The fault of the pipeline.</summary>
    public RingFault Fault { get; }

    public ProcessorStatus Status { get; }

    public ProcessorMeters Meters { get; }

    /// <summary>A place to wait, as the plan says.</summary>
    public WaitStrategy Wait() => WaitStrategy.Create(
        Plan.Execution.WaitStrategy,
        ProcessorBudget.Current,
        Plan.Execution.BusyThreads + (Services.Journal is null ? 0 : 1),
        Services.Journal is { Syncs: true });

    /// <summary>Traces batches of slots.</summary>
    public BatchTracer NewHandleTracer() => new(
        BatchTracer.Handle, Plan.Name, Services.BatchesPerTrace, Services.HostFailures);

    /// <summary>Logs once where results are awaited and the processor was not started.</summary>
    public StartReminder NewReminder() => new(
        Status, Services.TimeProvider, Services.Logger, Plan.Name, Services.HostFailures);
}
