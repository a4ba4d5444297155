using System.Buffers;
using System.Runtime.CompilerServices;

namespace DisruptorStream.Nats;

/// <summary>Checks names of streams and subjects.</summary>
internal static class NatsNames
{
    private const int MostOfPrefix = 30;
    private const int MostOfStream = 200;

    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // No underscore: it parts the prefix from the topic, so that two of them never meet in one name.
    private static readonly SearchValues<char> InPrefix = SearchValues.Create($"{LettersAndDigits}-");
    private static readonly SearchValues<char> InStream = SearchValues.Create($"{LettersAndDigits}-_");

    public static string CheckedPrefix(string value, [CallerMemberName] string option = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(value, option);
        return value.Length <= MostOfPrefix && !value.AsSpan().ContainsAnyExcept(InPrefix)
            ? value
            : throw new ArgumentException(
                $"{option} has 1 to {MostOfPrefix} letters of A to Z and a to z, digits and '-'; it was '{value}'.",
                option);
    }

    public static int CheckedReplicas(int value, [CallerMemberName] string option = "") => value is 1 or 3 or 5
        ? value
        : throw new ArgumentOutOfRangeException(option, value, $"{option} must be 1, 3 or 5; it was {value}.");

    public static string CheckedStream(string value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        return value.Length <= MostOfStream && !value.AsSpan().ContainsAnyExcept(InStream)
            ? value
            : throw new ArgumentException(
                $"The name of a stream has 1 to {MostOfStream} letters of A to Z and a to z, digits, '-' and '_'; it "
                + $"was '{value}'.",
                name);
    }

    /// <summary>A subject, such as "results.calls".</summary>
    /// <param name="value">Parts of printable ASCII with dots between them.</param>
    /// <param name="mayHaveStars">Whether parts may be "*", and the last one "&gt;".</param>
    /// <param name="name">What it is called.</param>
    public static string CheckedSubject(
        string value, bool mayHaveStars, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        var parts = value.Split('.');
        for (var part = 0; part < parts.Length; part++)
        {
            var text = parts[part];
            var isStar = text is "*" || (text is ">" && part == parts.Length - 1);
            if (isStar ? !mayHaveStars : text.Length == 0 || text.AsSpan().ContainsAnyExceptInRange('!', '~')
                || text.AsSpan().ContainsAny('*', '>'))
            {
                throw new ArgumentException(
                    $"The subject '{value}' cannot be: it has parts of printable ASCII without spaces, with dots "
                    + $"between them{(mayHaveStars ? ", or '*' for any part and '>' for all that follow" : "")}.",
                    name);
            }
        }

        return value;
    }
}
