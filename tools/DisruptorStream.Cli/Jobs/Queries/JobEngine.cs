using DisruptorStream.Cli.Input;
using DisruptorStream.Durability;
using DisruptorStream.Events;
using DisruptorStream.Reporting;
using DisruptorStream.Reporting.Answers;

namespace DisruptorStream.Cli.Jobs.Queries;

/// <summary>The engine of a job: takes events, and hands results to sinks.</summary>
internal abstract class JobEngine : IAsyncDisposable
{
    /// <summary>Starts, stops and tells of itself.</summary>
    public abstract EventProcessor Processor { get; }

    /// <param name="settings">What to do.</param>
    /// <param name="sinks">Where the results of each query go.</param>
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public static JobEngine Create(JobSettings settings, IReadOnlyList<QuerySinks> sinks) =>
        settings.HasNamedQueries
            ? new StreamEngine(settings, sinks)
            : new SingleEngine(settings, sinks[0]);

    /// <summary>Handles again what a directory holds, as the job would have.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="sinks">Where the results of each query go.</param>
    /// <param name="directory">That of a durable processor, or a recording.</param>
    /// <param name="options">What of it.</param>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="DurabilityException">It is not that of the job, or is damaged.</exception>
    public static ReplayReport Replay(
        JobSettings settings, IReadOnlyList<QuerySinks> sinks, string directory, ReplayOptions options)
    {
        // A program that says nothing of its options has the engine's, and not those of files.
        var usual = new StreamProcessorOptions { Mode = ExecutionMode.Inline };
        return settings.HasNamedQueries
            ? Building.Replays.Replay.Run(directory, StreamEngine.StepOf(settings, sinks, usual), options)
            : Building.Replays.Replay.Run(directory, SingleEngine.StepOf(settings, sinks[0], usual), options);
    }

    /// <summary>Adds an input: a source of its own.</summary>
    public abstract void AddSource(string name);

    /// <summary>Publishes the newest event of a reader.</summary>
    /// <param name="source">The input, in the order in which they were added.</param>
    /// <param name="reader">Has the event.</param>
    public abstract void Publish(int source, EventReader reader);

    /// <summary>
    /// Publishes the ordinary rows that come next, as long as there are any; none where each needs a look of its own.
    /// </summary>
    public virtual void PublishRows(InputMerge merge)
    {
    }

    /// <summary>An input has ended.</summary>
    public abstract void Complete(int source);

    /// <summary>What a query has done so far.</summary>
    public abstract ProcessorStats StatsOf(int query);

    /// <summary>Why a query gives no result now.</summary>
    public abstract NoResultAnswer WhyOf(int query);

    /// <summary>What a query was compiled to.</summary>
    public abstract ExplainPlan PlanOf(int query);

    public ValueTask DisposeAsync() => Processor.DisposeAsync();

    /// <summary>
    /// Files are replays: their events are as far from the clock as they like, and keys are theirs to the end.
    /// </summary>
    protected static StreamProcessorOptions OptionsOf(ExecutionMode mode) => new()
    {
        FutureSkewLimit = null,
        WindowRetention = TimeSpan.MaxValue,
        NonFinite = NonFinitePolicy.IgnoreMeasure,
        Mode = mode,
        MaxSlices = 1 << 24,
        MaxWindowsPerKey = 1 << 20,
    };
}
