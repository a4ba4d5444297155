namespace DisruptorStream.Cli.Input.Rows;

/// <summary>Where the fields of a row lie that a job asks for, each without the quotes around it.</summary>
internal sealed class RowFields
{
    public RowFields(int count)
    {
        Starts = new int[count];
        Lengths = new int[count];
        AreTexts = new bool[count];
    }

    /// <summary>From the first byte of what is read.</summary>
    public int[] Starts { get; }

    /// <summary>Below 0 where the field is missing.</summary>
    public int[] Lengths { get; }

    /// <summary>Whether a format that has types says that a field is a text.</summary>
    public bool[] AreTexts { get; }
}
