namespace DisruptorStream.Hosting.Results;

/// <summary>The results of a processor, or of one query of a stream, and who reads them for the host.</summary>
internal abstract class HostedResults
{
    private protected HostedResults(string name) => Name = name;

    /// <summary>Whose they are: "stream/query" for a query.</summary>
    public string Name { get; }

    /// <summary>Completes when the reader has returned, or there is none; faults when it failed.</summary>
    public abstract Task Reading { get; }

    /// <summary>Before the start: says that there is a reader, or whom to tell that nobody reads.</summary>
    /// <param name="tellUnread">Called once, with the name, when the buffer is full and nobody has read it.</param>
    public abstract void Expect(Action<string> tellUnread);

    /// <summary>Starts the reader, on a thread of its own.</summary>
    /// <param name="timeout">Cancelled when the host's time is over.</param>
    public abstract void Begin(CancellationToken timeout);

    /// <exception cref="InvalidOperationException">The reader left some.</exception>
    public abstract void ThrowUnlessRead();
}
