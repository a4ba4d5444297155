using DisruptorStream.Messages;

namespace DisruptorStream.Cli.Input.Records;

/// <summary>Which of the fields that a job asks for have been in any line, and what the lines have besides.</summary>
internal sealed class FieldSightings
{
    private const int MostNames = 500;

    private readonly IReadOnlyList<string?> _fields;
    private readonly bool[] _isSeen;
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    public FieldSightings(IReadOnlyList<string?> fields)
    {
        _fields = fields;
        _isSeen = new bool[fields.Count];
    }

    public void Add(int field) => _isSeen[field] = true;

    /// <summary>A name that a line has; no more than some are kept.</summary>
    public void AddName(string name)
    {
        if (_names.Count < MostNames)
            _names.Add(name);
    }

    public void CopyNamesTo(FieldSightings other)
    {
        foreach (var name in _names)
            other.AddName(name);
    }

    /// <summary>
    /// The first field that no line had; null where all were there, or where there was no line to look at.
    /// </summary>
    public MissingColumnException? FindMissing()
    {
        var missing = 0;
        while (missing < _fields.Count
            && (_fields[missing] is not { } field || _isSeen[missing] || _names.Contains(field)))
        {
            missing++;
        }

        if (missing == _fields.Count || _names.Count == 0 || _fields[missing] is not { } wanted)
            return null;
        var near = NearestWord.Find(wanted, _names);
        return new MissingColumnException(
            $"No line has a member '{wanted}'; {(near is null ? "" : $"did you mean '{near}'? ")}"
            + $"there are {string.Join(", ", _names.Take(30))}{(_names.Count > 30 ? ", ..." : "")}.",
            wanted);
    }
}
