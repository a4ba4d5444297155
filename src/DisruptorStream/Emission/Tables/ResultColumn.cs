namespace DisruptorStream.Emission.Tables;

/// <summary>A column of a <see cref="ResultTable{TKey}"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its cells hold.</param>
public sealed record ResultColumn(string Name, ResultColumnType Type)
{
    /// <summary>Whether it says which result it is, with the others of that kind: query, key and window.</summary>
    public bool IsKey { get; init; }

    /// <summary>Whether cells may be empty.</summary>
    public bool IsNullable { get; init; }
}
