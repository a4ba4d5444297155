using DisruptorStream.Ingest;

namespace DisruptorStream.Testing.Scripts;

/// <summary>The sources of one run of a script.</summary>
internal abstract class ScriptSources<TEvent>
{
    public abstract SourcePublisher this[string name] { get; }

    /// <summary>Publishes in as few claims as there can be.</summary>
    public abstract void Publish(string source, List<TEvent> events);
}
