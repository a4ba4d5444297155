namespace DisruptorStream.Durability.Plans.Records;

/// <summary>Finds by name what a recorded plan lists.</summary>
internal static class NamedLists
{
    /// <summary>The place of a name; -1 for none.</summary>
    public static int PlaceOf<T>(this IReadOnlyList<T> list, string name)
        where T : INamed
    {
        for (var place = 0; place < list.Count; place++)
        {
            if (string.Equals(list[place].Name, name, StringComparison.Ordinal))
                return place;
        }

        return -1;
    }

    /// <summary>What has the name; null for none.</summary>
    public static T? Find<T>(this IReadOnlyList<T> list, string name)
        where T : class, INamed => list.PlaceOf(name) is var place and >= 0 ? list[place] : null;

    /// <summary>Whether both have the same names in the same order.</summary>
    public static bool HasNamesOf<T>(this IReadOnlyList<T> list, IReadOnlyList<T> other)
        where T : INamed
    {
        if (list.Count != other.Count)
            return false;
        for (var place = 0; place < list.Count; place++)
        {
            if (!string.Equals(list[place].Name, other[place].Name, StringComparison.Ordinal))
                return false;
        }

        return true;
    }
}
