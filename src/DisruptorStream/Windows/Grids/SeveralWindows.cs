using DisruptorStream.Identities;

namespace DisruptorStream.Windows.Grids;

/// <summary>Windows of several sizes at once, which share slices.</summary>
/// <remarks>The order in which they were named does not matter.</remarks>
internal sealed record SeveralWindows : WindowDefinition
{
    /// <summary>The most sizes.</summary>
    public const int MostSizes = 16;

    /// <param name="sizes">Two or more.</param>
    /// <exception cref="ArgumentException">There are too many, or two have a window in common.</exception>
    public SeveralWindows(IEnumerable<GridWindows> sizes)
    {
        var sorted = (GridWindows[])[.. sizes];
        Array.Sort(sorted, CompareSlices);
        Sizes = sorted;
        if (Sizes.Count > MostSizes)
        {
            throw new ArgumentException(
                $"There are {Sizes.Count} sizes of windows, and {MostSizes} is the most; leave some out, or build a "
                + "processor of their own for them.",
                nameof(sizes));
        }

        for (var left = 0; left < Sizes.Count; left++)
        {
            for (var right = left + 1; right < Sizes.Count; right++)
                ThrowIfMeet(Sizes[left], Sizes[right]);
        }
    }

    /// <summary>The sizes, those with the finest slices first.</summary>
    public IReadOnlyList<GridWindows> Sizes { get; }

    public override IReadOnlyList<TimeZoneInfo> Zones
    {
        get
        {
            var zones = new List<TimeZoneInfo>();
            foreach (var windows in Sizes)
                zones.AddRange(windows.Zones);
            return zones;
        }
    }

    public override string Describe()
    {
        var texts = new string[Sizes.Count];
        for (var size = 0; size < texts.Length; size++)
            texts[size] = Sizes[size].Describe();
        return string.Join("; ", texts);
    }

    public override void Identify(IdentityWriter writer)
    {
        writer.Add("several");
        writer.BeginList(Sizes.Count);
        foreach (var windows in Sizes)
            windows.Identify(writer);
    }

    /// <summary>By the length of their slices; where that is the same, by whatever tells them apart.</summary>
    private static int CompareSlices(GridWindows left, GridWindows right)
    {
        var order = left.UsualSliceTicks.CompareTo(right.UsualSliceTicks);
        if (order == 0)
            order = SizeOf(left).CompareTo(SizeOf(right));
        if (order == 0)
            order = OffsetOf(left).CompareTo(OffsetOf(right));
        return order != 0 ? order : string.CompareOrdinal(left.Describe(), right.Describe());
    }

    private static long SizeOf(GridWindows windows) => (windows as FixedWindows)?.SizeTicks ?? long.MaxValue;

    private static long OffsetOf(GridWindows windows) =>
        windows is FixedWindows ties ? TickMath.FloorMod(ties.OffsetTicks, ties.SlideTicks) : 0;

    private static void ThrowIfMeet(GridWindows left, GridWindows right)
    {
        if (!left.Meets(right))
            return;
        throw new ArgumentException(
            $"The windows that are {left.Describe()} and those that are {right.Describe()} have windows in common, "
            + "whose results could not be told apart; leave one of the two out, or give it another offset.",
            nameof(left));
    }
}
