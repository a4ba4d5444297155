using DisruptorStream.Messages;
using DisruptorStream.Sources;
using DisruptorStream.Sources.Reading;

namespace DisruptorStream.Hosting.Sources;

/// <summary>How a hosted processor reads its sources, by their names.</summary>
/// <remarks>Those that the steps ReadFrom add; options add none.</remarks>
internal sealed class HostedSources
{
    private readonly Dictionary<string, HostedSourceOptions> _byName = new(StringComparer.Ordinal);

    /// <summary>How a source is read.</summary>
    /// <param name="name">Its name, as of the step ReadFrom.</param>
    /// <exception cref="KeyNotFoundException">The processor reads no source of the name.</exception>
    public HostedSourceOptions this[string name]
    {
        get => _byName.TryGetValue(name, out var options)
            ? options
            : throw new KeyNotFoundException($"{WhyNone(name)}.");
    }

    public IReadOnlyDictionary<string, HostedSourceOptions> ByName => _byName;

    /// <summary>What to say where there is no source of a name; without a stop.</summary>
    public string WhyNone(string name) => _byName.Count == 0
        ? $"there is no source '{name}': the processor reads none by itself; add it with ReadFrom"
        : $"there is no source '{name}'; {NearestWord.NameOne(name, [.. _byName.Keys]).TrimEnd('.')}";

    /// <summary>Takes over what the steps ReadFrom say.</summary>
    public void StartFrom(IReadOnlyDictionary<string, SourceOptions> sources)
    {
        foreach (var (name, options) in sources)
            _byName[name] = new HostedSourceOptions(options);
    }

    /// <summary>The sources of the steps, read as these options say.</summary>
    public IReadOnlyList<SourceRegistration<TEvent>> Apply<TEvent>(
        IReadOnlyList<SourceRegistration<TEvent>> sources)
    {
        var changed = new SourceRegistration<TEvent>[sources.Count];
        for (var source = 0; source < changed.Length; source++)
            changed[source] = sources[source] with { Options = this[sources[source].Name].ToEngine() };
        return changed;
    }

    /// <summary>What the steps say, by name.</summary>
    public static Dictionary<string, SourceOptions> Of<TEvent>(IReadOnlyList<SourceRegistration<TEvent>> sources)
    {
        var byName = new Dictionary<string, SourceOptions>(StringComparer.Ordinal);
        foreach (var source in sources)
            byName.Add(source.Name, source.Options);
        return byName;
    }
}
