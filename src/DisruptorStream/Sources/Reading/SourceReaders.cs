using DisruptorStream.Ingest;

namespace DisruptorStream.Sources.Reading;

/// <summary>The sources that a processor reads by itself.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class SourceReaders
{
    private readonly SourcePump[] _pumps;

    /// <param name="pumps">One for each.</param>
    public SourceReaders(SourcePump[] pumps) => _pumps = pumps;

    /// <summary>Makes them, each as a source of its own.</summary>
    public static SourceReaders Of<TEvent>(
        IReadOnlyList<SourceRegistration<TEvent>> sources,
        Func<string, EventPublisher<TEvent>> newPublisher,
        SourceFeed feed)
    {
        var pumps = new SourcePump[sources.Count];
        for (var source = 0; source < pumps.Length; source++)
            pumps[source] = sources[source].NewPump(newPublisher(sources[source].Name), feed);
        return new SourceReaders(pumps);
    }

    /// <summary>How they are now, in the order in which they were added.</summary>
    public IReadOnlyList<SourceReaderStats> Stats => Array.ConvertAll(_pumps, pump => pump.Stats);

    /// <summary>Begins to read.</summary>
    public void Start()
    {
        foreach (var pump in _pumps)
            pump.Start();
    }

    /// <summary>Ends them soon. Never throws, never waits.</summary>
    public void End()
    {
        foreach (var pump in _pumps)
            pump.End();
    }

    /// <summary>Waits until they have ended, or for as long as it may take. Never throws.</summary>
    public async Task WaitAsync(TimeSpan timeout)
    {
        End();
        var ended = Task.WhenAll(Array.ConvertAll(_pumps, pump => pump.Completion));
        await ended.WaitAsync(timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
