//! A firm that chases what customers owe: the form of the request, and the record that it is about.

pub const FORM: &str = r#"{
  "type": "object", "title": "催收",
  "properties": { "customer": { "type": "string", "title": "客户" }, "amount": { "type": "string", "format": "money", "title": "金额" } },
  "required": [ "customer", "amount" ]
}"#;

pub const RECEIVABLE: &str = r#"{
  "type": "object", "title": "应收款", "x-key": [ "customer" ],
  "properties": {
    "customer": { "type": "string", "title": "客户" },
    "salesperson": { "type": "string", "format": "person", "title": "业务员" },
    "open": { "type": "string", "format": "money", "title": "未收" }
  },
  "required": [ "customer", "salesperson", "open" ]
}"#;
