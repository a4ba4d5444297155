using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Emission.Texts;

/// <summary>Hands the cells of results to text: a value, so that each call is compiled for it.</summary>
internal readonly struct TextCells : IResultCells
{
    private readonly TextRows _rows;

    /// <param name="rows">What gets the cells.</param>
    public TextCells(TextRows rows) => _rows = rows;

    public void AddNull() => _rows.AddNull();

    public void AddText(string value) => _rows.AddText(value);

    public void AddInteger(long value) => _rows.AddInteger(value);

    public void AddNumber(double value) => _rows.AddNumber(value);

    public void AddTime(long ticks) => _rows.AddTime(ticks);

    public void AddBoolean(bool value) => _rows.AddBoolean(value);
}
