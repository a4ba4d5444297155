using System.Text;

namespace DisruptorStream.Cli.Input.Records;

/// <summary>A member on the way to fields that a job asks for: by its name, or by its place in an array.</summary>
internal sealed class JsonPath
{
    // Deeper than anybody writes, so that reading one is no danger to the stack.
    private const int MostSteps = 64;

    private readonly byte[] _name;
    private readonly int _index;
    private readonly List<JsonPath> _next = [];
    private readonly List<int> _fields = [];

    private JsonPath(byte[] name, int index)
    {
        _name = name;
        _index = index;
    }

    /// <summary>The fields that want this value.</summary>
    public IReadOnlyList<int> Fields => _fields;

    public bool HasNext => _next.Count > 0;

    /// <summary>Whether a line has had it.</summary>
    public bool IsSeen { get; set; }

    /// <summary>
    /// The root of all paths, such as "user.id" and "items[0].price"; also the name of a member as it is.
    /// </summary>
    public static JsonPath Of(IReadOnlyList<string?> names)
    {
        var root = new JsonPath([], -1);
        for (var field = 0; field < names.Count; field++)
        {
            if (names[field] is not { } wanted)
                continue;
            root.Step(wanted, -1)._fields.Add(field);
            if (Split(wanted) is not { Count: > 1 } steps)
                continue;
            var path = root;
            foreach (var (name, index) in steps)
                path = path.Step(name, index);
            path._fields.Add(field);
        }

        return root;
    }

    public JsonPath? Find(ReadOnlySpan<byte> name)
    {
        foreach (var path in _next)
        {
            if (path._index < 0 && name.SequenceEqual(path._name))
                return path;
        }

        return null;
    }

    public JsonPath? Find(int index)
    {
        foreach (var path in _next)
        {
            if (path._index == index)
                return path;
        }

        return null;
    }

    /// <summary>All ends of paths from here on that a line has had.</summary>
    public void AddSeenTo(FieldSightings sightings)
    {
        if (IsSeen)
            _fields.ForEach(sightings.Add);
        foreach (var path in _next)
            path.AddSeenTo(sightings);
    }

    /// <summary>The names and places of a path; null where a text is none.</summary>
    private static List<(string Name, int Index)>? Split(string text)
    {
        var steps = new List<(string, int)>();
        for (var at = 0; at < text.Length;)
        {
            if (steps.Count == MostSteps)
                return null;
            if (text[at] == '[')
            {
                var close = text.IndexOf(']', at);
                if (close < 0 || steps.Count == 0 || !int.TryParse(
                    text.AsSpan(at + 1, close - at - 1),
                    System.Globalization.NumberStyles.None,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var index))
                {
                    return null;
                }

                steps.Add(("", index));
                at = close + 1;
                continue;
            }

            at += text[at] == '.' && steps.Count > 0 ? 1 : 0;
            var end = text.AsSpan(at).IndexOfAny('.', '[');
            var name = end < 0 ? text[at..] : text.Substring(at, end);
            if (name.Length == 0)
                return null;
            steps.Add((name, -1));
            at += name.Length;
        }

        return steps;
    }

    private JsonPath Step(string name, int index)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        var path = index < 0 ? Find(utf8) : Find(index);
        if (path is null)
            _next.Add(path = new JsonPath(utf8, index));
        return path;
    }
}
