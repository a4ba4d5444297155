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

    public static SourceRegistration<TEvent> Of(string name, ISeekableSource<TEvent> source, SourceOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(source);
        return new(
            name,
            NeedsJournal: false,
            options ?? new SourceOptions(),
            (publisher, feed, how) => new SeekablePump<TEvent>(source, publisher, feed, how));
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
    /// <exception cref="ArgumentException">They do not go together.</exception>
    public static void Check(
        IReadOnlyList<SourceRegistration<TEvent>> sources, ExecutionMode mode, bool isDurable)
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

            if (source.NeedsJournal && !isDurable)
            {
                throw new ArgumentException(
                    $"The source '{source.Name}' is acknowledged when its events are durable, and nothing of this "
                    + "processor is; build it with DurableIn.",
                    nameof(isDurable));
            }
        }
    }
}
