using DisruptorStream.Events;
using DisruptorStream.Messages;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Building.Planning;

/// <summary>Finds the keys of a stream by name, and puts keys together.</summary>
internal static class StreamKeys
{
    /// <exception cref="ArgumentException">The name is in use, or there are as many keys as may be.</exception>
    public static void ThrowUnlessFree(IReadOnlyList<StreamKey> keys, string name)
    {
        foreach (var key in keys)
        {
            if (string.Equals(key.Name, name, StringComparison.Ordinal))
                throw new ArgumentException($"There is already a key '{name}'; choose another name.", nameof(name));
        }

        ThrowIfFull(keys, name);
    }

    /// <summary>The place of a key.</summary>
    /// <exception cref="ArgumentException">There is none of that name, or it is of another type.</exception>
    /// <param name="keys">The keys.</param>
    /// <param name="name">The name of the one that is sought.</param>
    /// <param name="verb">The method that the caller was asked by, for the error.</param>
    public static int Find<TKey>(IReadOnlyList<StreamKey> keys, string name, string verb = "By")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        for (var place = 0; place < keys.Count; place++)
        {
            var key = keys[place];
            if (!string.Equals(key.Name, name, StringComparison.Ordinal) || key.Parts.Count > 0)
                continue;
            return key.Type == typeof(TKey) ? place : throw new ArgumentException(
                $"The key '{name}' is a {TypeText.Of(key.Type)}, not a {TypeText.Of(typeof(TKey))}; write "
                + $"{verb}<{TypeText.Of(key.Type)}>(\"{name}\").",
                nameof(name));
        }

        throw NoKey(keys, name);
    }

    /// <summary>The place of a key that is made of others, which is added if it is new.</summary>
    /// <exception cref="ArgumentException">There are as many keys as may be, or two parts are the same.</exception>
    public static int FindOrAdd<TKey>(
        ref IReadOnlyList<StreamKey> keys, IReadOnlyList<int> parts, CompositeForm<TKey> form)
        where TKey : notnull
    {
        if (new HashSet<int>(parts).Count < parts.Count)
            throw new ArgumentException("A key is named twice; name each once.", nameof(parts));
        for (var place = 0; place < keys.Count; place++)
        {
            if (AreEqual(keys[place].Parts, parts))
                return place;
        }

        var names = new string[parts.Count];
        for (var part = 0; part < names.Length; part++)
            names[part] = keys[parts[part]].Name;
        var name = string.Join(", ", names);
        ThrowIfFull(keys, name);
        keys =
        [
            .. keys,
            new StreamKey(
                name, typeof(TKey), parts, maxKeys => new CompositeColumnMaker<TKey>(maxKeys, parts, form)),
        ];
        return keys.Count - 1;
    }

    private static bool AreEqual(IReadOnlyList<int> left, IReadOnlyList<int> right)
    {
        if (left.Count != right.Count)
            return false;
        for (var index = 0; index < left.Count; index++)
        {
            if (left[index] != right[index])
                return false;
        }

        return true;
    }

    private static void ThrowIfFull(IReadOnlyList<StreamKey> keys, string name)
    {
        if (keys.Count == SlotLayout.MostKeys)
        {
            throw new ArgumentException(
                $"A stream has at most {SlotLayout.MostKeys} keys, those that are made of others included, so "
                + $"'{name}' cannot be added; use a second stream.",
                nameof(name));
        }
    }

    private static ArgumentException NoKey(IReadOnlyList<StreamKey> keys, string name)
    {
        var names = new List<string>();
        foreach (var key in keys)
        {
            if (key.Parts.Count == 0)
                names.Add(key.Name);
        }

        if (names.Count == 0)
        {
            return new ArgumentException(
                $"The stream declares no key '{name}'; declare it before the queries, with Key(name, selector).",
                nameof(name));
        }

        return new ArgumentException(
            $"The stream has no key '{name}'; {NearestWord.NameOne(name, names)}", nameof(name));
    }
}
