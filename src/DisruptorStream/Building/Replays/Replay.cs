using DisruptorStream.Building.Streams;
using DisruptorStream.Durability;

namespace DisruptorStream.Building.Replays;

/// <summary>
/// Handles again what the directory of a durable processor holds, or a copy of it: the same slots give the same
/// results, bit for bit.
/// </summary>
/// <remarks>
/// <para>The directory is only read; an owner may have it meanwhile, and a replay then sees it as of about one instant.
/// Nothing of it is locked for longer than it takes to look at its files, so an owner may give up files that are still
/// to be read: then the replay throws; make it again.</para>
/// <para>All is done on the thread of the caller, in execution mode Inline, by the clock of the recording: ticks are
/// slots too. Sinks of the step get the results; durable sinks (<see cref="Emission.Durable.IDurableStore"/>) are left
/// out, since they belong to the processor that goes on. Custom code (selectors, aggregates) is called again.</para>
/// </remarks>
public static class Replay
{
    /// <summary>Handles it again with a processor of keyed events.</summary>
    /// <param name="directory">That of the durable processor, or a copy.</param>
    /// <param name="step">The last step of its builder: the same plan as that of the directory.</param>
    /// <param name="options">What of it; null for all that there is.</param>
    /// <exception cref="ArgumentException">The directory is empty or white space, or settings do not agree.</exception>
    /// <exception cref="IOException">The directory is not there, or cannot be read.</exception>
    /// <exception cref="DurabilityException">
    /// It holds no slots, is damaged, is that of another plan, or does not reach as far as the options ask.
    /// </exception>
    /// <exception cref="PipelineException">
    /// A stage failed, as it did when the slots were recorded, or a sink.
    /// </exception>
    public static ReplayReport Run<TKey>(string directory, BuildStep<TKey> step, ReplayOptions? options = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Replay(PathOf(directory), options ?? new ReplayOptions());
    }

    /// <summary>Handles it again with a processor of the host's own events.</summary>
    /// <inheritdoc cref="Run{TKey}(string, BuildStep{TKey}, ReplayOptions)" path="/param"/>
    /// <inheritdoc cref="Run{TKey}(string, BuildStep{TKey}, ReplayOptions)" path="/exception"/>
    public static ReplayReport Run<TEvent, TKey>(
        string directory, BuildStep<TEvent, TKey> step, ReplayOptions? options = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Replay(PathOf(directory), options ?? new ReplayOptions());
    }

    /// <summary>Handles it again with a stream of several queries.</summary>
    /// <inheritdoc cref="Run{TKey}(string, BuildStep{TKey}, ReplayOptions)" path="/param"/>
    /// <inheritdoc cref="Run{TKey}(string, BuildStep{TKey}, ReplayOptions)" path="/exception"/>
    public static ReplayReport Run<TEvent>(string directory, StreamStep<TEvent> step, ReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Replay(PathOf(directory), options ?? new ReplayOptions());
    }

    private static string PathOf(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        return Path.GetFullPath(directory);
    }
}
