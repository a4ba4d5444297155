namespace DisruptorStream.Emission.Tables;

/// <summary>Takes the cells of a row, one call for each column, in the order of the columns.</summary>
/// <remarks>Implement it by a struct: then nothing is boxed.</remarks>
public interface IResultCells
{
    /// <summary>An empty cell.</summary>
    void AddNull();

    /// <param name="value">A text.</param>
    void AddText(string value);

    /// <param name="value">An integer.</param>
    void AddInteger(long value);

    /// <param name="value">A double.</param>
    void AddNumber(double value);

    /// <param name="ticks">A moment, in ticks of 100 ns since 1970 (UTC), within the years 1 to 9999.</param>
    void AddTime(long ticks);

    /// <param name="value">Yes or no.</param>
    void AddBoolean(bool value);
}
