using System.ComponentModel.DataAnnotations;

namespace DisruptorStream.Hosting.Validation;

/// <summary>One of the names of an enumeration; the message names option, value and names.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DefinedValueAttribute<T> : ValidationAttribute
    where T : struct, Enum
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not T one || Enum.IsDefined(one))
            return ValidationResult.Success;
        var names = string.Join(", ", Enum.GetNames<T>());
        return new ValidationResult($"{validationContext.DisplayName} must be one of {names}; it was {one}.");
    }
}
