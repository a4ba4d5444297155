using System.Globalization;
using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Output.Tables;

/// <summary>A column of a table: how wide it is, and to how many decimals its numbers are rounded.</summary>
/// <remarks>
/// Whole numbers are shown whole. Others have the decimals that give the largest of them four or five digits; one too
/// small for that has three digits of its own.
/// </remarks>
internal sealed class TableColumn
{
    private const string Missing = "-";
    public const double MostInFull = 1e15;

    private readonly string _name;
    private double _largest;
    private bool _hasFractions;
    private bool _isText;

    public TableColumn(string name)
    {
        _name = PlainText.Of(name);
        Width = DisplayWidth.Of(_name);
    }

    public int Width { get; private set; }

    private int Decimals => !_hasFractions ? 0 : _largest switch
    {
        >= 100_000 => 0,
        >= 1_000 => 1,
        >= 100 => 2,
        >= 1 => 3,
        _ => 5,
    };

    /// <summary>Makes room for a cell.</summary>
    public void Fit(TableCell cell)
    {
        if (cell.Text is { } text)
        {
            _isText |= double.IsNaN(cell.Number);
            Width = Math.Max(Width, DisplayWidth.Of(text));
            return;
        }

        if (double.IsFinite(cell.Number))
        {
            _hasFractions |= cell.Number != Math.Floor(cell.Number);
            _largest = Math.Max(_largest, Math.Abs(cell.Number));
        }

        Width = Math.Max(Width, Format(cell.Number).Length);
    }

    public string Header() => Pad(_name, isLeft: _isText);

    public string Show(TableCell cell) =>
        cell.Text is { } text ? Pad(text, isLeft: double.IsNaN(cell.Number)) : Pad(Format(cell.Number), isLeft: false);

    private string Pad(string text, bool isLeft)
    {
        var room = new string(' ', Math.Max(0, Width - DisplayWidth.Of(text)));
        return isLeft ? text + room : room + text;
    }

    private string Format(double value)
    {
        if (!double.IsFinite(value))
            return Missing;
        var magnitude = Math.Abs(value);
        if (magnitude >= MostInFull || (value != 0 && magnitude < Math.Pow(10, 1 - Decimals) && _hasFractions))
            return value.ToString(magnitude >= MostInFull ? "G6" : "G3", CultureInfo.InvariantCulture);
        return value.ToString(
            Decimals switch { 0 => "N0", 1 => "N1", 2 => "N2", 3 => "N3", _ => "N5" }, CultureInfo.InvariantCulture);
    }
}
