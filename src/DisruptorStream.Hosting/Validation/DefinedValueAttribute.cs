using System.ComponentModel.DataAnnotations;

namespace DisruptorStream.Hosting.Validation;

/// <summary>One of the names of an enumeration; the message names option, value and names.</summary>
internal sealed class DefinedValueAttribute<T> : OptionValueAttribute
    where T : struct, Enum
{
    public override string Allowed => $"one of {string.Join(", ", Enum.GetNames<T>())}";

    /// <summary>By name: a number would be one of the values that are not told.</summary>
    public override bool CanRead(string text) =>
        char.IsLetter(text.AsSpan().Trim().IsEmpty ? ' ' : text.AsSpan().Trim()[0])
        && !text.Contains(',', StringComparison.Ordinal)
        && Enum.TryParse<T>(text, ignoreCase: true, out var value)
        && Enum.IsDefined(value);

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not T one || Enum.IsDefined(one))
            return ValidationResult.Success;
        return new ValidationResult($"{validationContext.DisplayName} must be {Allowed}; it was {one}.");
    }
}
