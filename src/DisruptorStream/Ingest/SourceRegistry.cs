namespace DisruptorStream.Ingest;

/// <summary>The names of the sources, and the numbers that their slots carry.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class SourceRegistry
{
    /// <summary>The most sources at a time.</summary>
    public const int MaxSources = ushort.MaxValue;

    /// <summary>The source of a processor's own publish methods.</summary>
    public const string DefaultName = "default";

    /// <summary>The source of a typed processor's own publish methods.</summary>
    public const string EventsName = "events";

    private readonly Lock _gate = new();
    private readonly List<string?> _names = [];
    private readonly Stack<int> _free = new();
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Gives a name a number.</summary>
    /// <exception cref="ArgumentException">The name is empty or in use.</exception>
    /// <exception cref="InvalidOperationException">There are too many sources.</exception>
    public int Register(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        lock (_gate)
        {
            if (_used.Contains(name))
            {
                throw new ArgumentException(
                    $"There is already a source '{name}'; choose another name, or dispose that source's publisher "
                    + "first.",
                    nameof(name));
            }

            if (_free.TryPop(out var free))
            {
                _used.Add(name);
                _names[free] = name;
                return free;
            }

            if (_names.Count == MaxSources)
            {
                throw new InvalidOperationException(
                    $"There are {MaxSources} sources already, so '{name}' cannot be added; dispose publishers no "
                    + "longer used.");
            }

            _used.Add(name);
            _names.Add(name);
            return _names.Count - 1;
        }
    }

    /// <summary>Frees the name of a source that was disposed; its number stays taken.</summary>
    public void ReleaseName(int source)
    {
        lock (_gate)
        {
            if (_names[source] is { } name)
                _used.Remove(name);
            _names[source] = null;
        }
    }

    /// <summary>Frees a number that has no name any more; call once its removal has been published.</summary>
    public void ReleaseNumber(int source)
    {
        lock (_gate)
            _free.Push(source);
    }

    /// <summary>The name of a source; null when it is gone.</summary>
    public string? NameOf(int source)
    {
        lock (_gate)
            return source < _names.Count ? _names[source] : null;
    }
}
