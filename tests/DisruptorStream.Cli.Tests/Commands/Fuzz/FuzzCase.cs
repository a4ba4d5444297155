namespace DisruptorStream.Cli.Tests.Commands.Fuzz;

/// <summary>One mutated input with the arguments that read it.</summary>
/// <param name="FileName">The name of the input.</param>
/// <param name="Input">Its bytes.</param>
/// <param name="Lines">How many lines it has; null where the mutation may have changed what it is written in.</param>
/// <param name="Options">The arguments behind the input.</param>
internal sealed record FuzzCase(string FileName, byte[] Input, long? Lines, string[] Options)
{
    public override string ToString() =>
        $"{FileName} {string.Join(' ', Options)} <<< {Convert.ToBase64String(Input)}";
}
