namespace DisruptorStream.Architecture.Layering;

/// <summary>The folders of the engine in rows: each uses itself and the rows below it.</summary>
internal sealed class Layers
{
    private readonly string[][] _rows;
    private readonly HashSet<string> _everywhere;

    /// <param name="rows">From the top; a folder stands for those inside it.</param>
    /// <param name="everywhere">Types that any row may use, by full name.</param>
    public Layers(string[][] rows, IEnumerable<string> everywhere)
    {
        _rows = rows;
        _everywhere = [.. everywhere];
    }

    /// <summary>The engine's own.</summary>
    public static Layers Engine { get; } = new(
        [
            ["", "Building", "Reporting", "Streams"],
            ["Topology"],
            ["Sources"],
            ["Pipeline"],
            ["Monitoring", "Plans"],
            ["Emission", "Ingest"],
            ["State"],
            ["Windows", "Watermarks", "Aggregation", "Statistics"],
            ["Slots", "Durability"],
            ["Events"],
            ["Rings"],
            ["Telemetry", "Identities"],
            ["Codecs", "Expressions", "Saving"],
            ["Messages"],
        ],
        [
            "DisruptorStream.ExecutionMode",
            "DisruptorStream.StopMode",
            "DisruptorStream.ProcessorState",
            "DisruptorStream.AsyncSinkStats",
            "DisruptorStream.StreamProcessorException",
            "DisruptorStream.PipelineException",
            "DisruptorStream.ProcessorStoppedException",
            "DisruptorStream.ResultBufferFullException",
        ]);

    /// <summary>Says what is wrong with a use; null when nothing is.</summary>
    /// <param name="user">The full name of the type that uses.</param>
    /// <param name="userNamespace">Its namespace.</param>
    /// <param name="used">The full name of the type that is used.</param>
    /// <param name="usedNamespace">Its namespace.</param>
    public string? Check(string user, string userNamespace, string used, string usedNamespace)
    {
        if (_everywhere.Contains(used))
            return null;
        var (from, to) = (FolderOf(userNamespace), FolderOf(usedNamespace));
        var (fromRow, toRow) = (RowOf(from), RowOf(to));
        if (fromRow < 0)
            return $"{user} lies in a folder that has no row: {from}";
        if (toRow < 0)
            return $"{used} lies in a folder that has no row: {to}";
        if (from == to || toRow > fromRow || (fromRow == 0 && toRow == 0))
            return null;
        return $"{user} uses {used}, which is not below it";
    }

    private static string FolderOf(string space)
    {
        var parts = space.Split('.');
        return parts.Length > 1 ? parts[1] : "";
    }

    private int RowOf(string folder) => Array.FindIndex(_rows, row => row.Contains(folder));
}
