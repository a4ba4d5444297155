using DisruptorStream.Durability;
using DisruptorStream.Ingest;

namespace DisruptorStream.Sources.Reading;

/// <summary>A source that a processor is to read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NeedsJournal">Whether it has to be told what is durable.</param>
/// <param name="Options">How it is read.</param>
/// <param name="Make">Makes its reader.</param>
internal sealed record SourceRegistration<TEvent>(
    string Name,
    bool NeedsJournal,
    SourceOptions Options,
    Func<EventPublisher<TEvent>, SourceFeed, SourceOptions, SourcePump> Make)
{
    /// <summary>More sources than slots would leave no room for the slots that say that they are there.</summary>
    private const int MostSources = 32;

    /// <summary>The source, where it seeks; null where it does not.</summary>
    public ISeekableSource<TEvent>? Seekable { get; init; }

    public static SourceRegistration<TEvent> Of(string name, ISeekableSource<TEvent> source, SourceOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(source);
        return new(
            name,
            NeedsJournal: false,
            options ?? new SourceOptions(),
            (publisher, feed, how) => new SeekablePump<TEvent>(source, publisher, feed, how))
        {
            Seekable = source,
        };
    }

    public static SourceRegistration<TEvent> Of(string name, IAcknowledgedSource<TEvent> source, SourceOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(source);
        return new(
            name,
            NeedsJournal: true,
            options ?? new SourceOptions(),
            (publisher, feed, how) => new AcknowledgedPump<TEvent>(source, publisher, feed, how));
    }

    /// <summary>Makes its reader.</summary>
    public SourcePump NewPump(EventPublisher<TEvent> publisher, SourceFeed feed) => Make(publisher, feed, Options);

    /// <summary>Adds one to others.</summary>
    /// <exception cref="ArgumentException">There is one of its name, or there are too many.</exception>
    public static IReadOnlyList<SourceRegistration<TEvent>> Add(
        IReadOnlyList<SourceRegistration<TEvent>> others, SourceRegistration<TEvent> added)
    {
        foreach (var other in others)
        {
            if (string.Equals(other.Name, added.Name, StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"There is already a source '{added.Name}'; choose another name.", nameof(added));
            }
        }

        if (others.Count == MostSources)
        {
            throw new ArgumentException(
                $"A processor reads at most {MostSources} sources by itself, and '{added.Name}' is one more; read "
                + "several of them by one.",
                nameof(added));
        }

        return [.. others, added];
    }

    /// <summary>Checks them against what the processor is.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="mode">The execution mode of the processor.</param>
    /// <param name="durability">How it is durable; null where it is not.</param>
    /// <param name="processingTime">Whether its windows go by the clock.</param>
    /// <exception cref="ArgumentException">They do not go together.</exception>
    public static void Check(
        IReadOnlyList<SourceRegistration<TEvent>> sources,
        ExecutionMode mode,
        DurabilityOptions? durability,
        bool processingTime)
    {
        foreach (var source in sources)
        {
            if (mode == ExecutionMode.Inline)
            {
                throw new ArgumentException(
                    $"The source '{source.Name}' is read beside the caller, and an Inline processor has one caller at "
                    + "a time; choose ExecutionMode.Fused or Staged, or publish its events yourself.",
                    nameof(mode));
            }

            if (source.NeedsJournal && durability is null)
            {
                throw new ArgumentException(
                    $"The source '{source.Name}' is acknowledged when its events are durable, and nothing of this "
                    + "processor is; build it with DurableIn.",
                    nameof(durability));
            }

            if (source.Options.Journal == SourceJournal.Order
                && WhyNoOrder(source, durability, processingTime) is { } why)
            {
                throw new ArgumentException(
                    $"The journal is to keep only the order of the events of the source '{source.Name}', and {why}",
                    nameof(sources));
            }
        }
    }

    private static string? WhyNoOrder(
        SourceRegistration<TEvent> source, DurabilityOptions? durability, bool processingTime)
    {
        if (source.Seekable is null)
            return "it cannot seek, so that no recovery could read them again; leave Journal at Events.";
        if (durability is null)
            return "there is no journal; build it with DurableIn, or leave Journal at Events.";
        if (durability.Snapshots != SnapshotMethod.Copy)
        {
            return "snapshots are taken by a shadow, which would have to read the source a second time; set Snapshots "
                + "to Copy, or leave Journal at Events.";
        }

        return processingTime
            ? "windows go by the clock, so that an event does not say its time again; leave Journal at Events."
            : null;
    }
}
